"""Reference edges of Python packages by grimp: `pip install grimp`.

python tests/edges/python_grimp.py CHECKOUT SOURCE_ROOT PACKAGE... > edges.tsv
"""

import sys
from pathlib import Path

import grimp


def main() -> None:
    checkout, source, packages = Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3:]
    root = (checkout / source).resolve()
    sys.path.insert(0, str(root))
    graph = grimp.build_graph(*packages, include_external_packages=False, cache_dir=None)

    def path(module: str) -> str | None:
        stem = root / module.replace(".", "/")
        for file in (stem / "__init__.py", stem.with_name(stem.name + ".py")):
            if file.exists():
                return str(file.relative_to(checkout))
        return None

    lines = set()
    for module in graph.modules:
        source_path = path(module)
        if source_path is None:
            continue
        lines.add(source_path)
        for used in graph.find_modules_directly_imported_by(module):
            target = path(used)
            if target is not None:
                lines.add(f"{source_path}\t{target}")
    print("\n".join(sorted(lines)))


main()
