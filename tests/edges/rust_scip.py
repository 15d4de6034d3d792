"""Reference edges of Rust sources by rust-analyzer's index (`rust-analyzer scip`), without outside crates.

python tests/edges/rust_scip.py prepare CHECKOUT COPY      copies the sources with manifests that name no outside crate
(cd COPY && rust-analyzer scip . --output index.scip)
python tests/edges/rust_scip.py edges COPY/index.scip > edges.tsv

A use is an occurrence of a symbol that another file defines: types, functions, methods, fields, macros. Of modules only the
declaration (`mod x;`) counts: the path to a name is not what is used.
"""

import re
import shutil
import sys
import tomllib
from collections import defaultdict
from pathlib import Path


def prepare(checkout: Path, copy: Path) -> None:
    for source in checkout.rglob("*.rs"):
        if not {"target", ".git", "node_modules"} & set(source.relative_to(checkout).parts):
            target = copy / source.relative_to(checkout)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    manifests = {p: tomllib.loads(p.read_text()) for p in checkout.rglob("Cargo.toml") if "target" not in p.parts}
    root = manifests.get(checkout / "Cargo.toml", {})
    shared = root.get("workspace", {}).get("dependencies", {})
    for path, manifest in manifests.items():
        folder = path.parent
        out = []
        package = manifest.get("package")
        if package:
            edition = package.get("edition", "2021")
            edition = root.get("workspace", {}).get("package", {}).get("edition", "2021") if isinstance(edition, dict) else edition
            out += ["[package]", f'name = "{package["name"]}"', 'version = "0.0.0"', f'edition = "{edition}"']
        for kind in ("lib", "bin"):
            entries = manifest.get(kind, [])
            for entry in [entries] if isinstance(entries, dict) else entries:
                out.append("[lib]" if kind == "lib" else "[[bin]]")
                out += [f'{key} = "{entry[key]}"' for key in ("name", "path") if key in entry]
        if package:
            out.append("[dependencies]")
        names = set()
        for section in ("dependencies", "dev-dependencies"):
            for name, value in manifest.get(section, {}).items():
                base = folder
                if isinstance(value, dict) and value.get("workspace"):
                    value, base = shared.get(name, {}), checkout
                if isinstance(value, dict) and "path" in value and name not in names:
                    names.add(name)
                    used = (base / value["path"]).resolve().relative_to(checkout.resolve())
                    package_name = f', package = "{value["package"]}"' if "package" in value else ""
                    out.append(f'{name} = {{ path = "{(copy / used).resolve()}"{package_name} }}')
        if package:
            out.append("[features]")
            out += [f"{name} = []" for name in manifest.get("features", {})]
            out += [f"{name} = []" for name in manifest.get("dependencies", {}) if name not in manifest.get("features", {}) and name not in names]
        if path == checkout / "Cargo.toml":
            members = [str(p.parent.relative_to(checkout)) for p, m in manifests.items() if "package" in m and p != path]
            out += ["[workspace]", "members = [" + ", ".join(f'"{m}"' for m in members) + "]"]
        target = copy / path.relative_to(checkout)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("\n".join(out) + "\n")


def fields(data: bytes):
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = varint()
        if key & 7 == 2:
            size = varint()
            yield key >> 3, data[at : at + size]
            at += size
        elif key & 7 == 0:
            yield key >> 3, varint()
        else:
            at += 8 if key & 7 == 1 else 4


def declared(folder: Path, path: str) -> set[str]:
    """Files of the modules that a file declares: `mod x;`."""
    file = folder / path
    below = file.parent if file.name in ("mod.rs", "lib.rs", "main.rs") else file.with_suffix("")
    found = set()
    for name in re.findall(r"^\s*(?:pub(?:\([^)]*\))?\s+)?mod\s+(\w+)\s*;", file.read_text(errors="replace"), re.M):
        for child in (below / f"{name}.rs", below / name / "mod.rs"):
            if child.exists():
                found.add(str(child.relative_to(folder)))
    return found


def edges(index: Path) -> None:
    defined: dict[str, str] = {}
    used = defaultdict(set)
    paths = set()
    for number, document in fields(index.read_bytes()):
        if number != 2:
            continue
        parts = list(fields(document))
        path = next(value.decode() for key, value in parts if key == 1)
        paths.add(path)
        for key, value in parts:
            if key != 2:
                continue
            occurrence = dict(fields(value))
            symbol = occurrence.get(2, b"").decode()
            if not symbol or symbol.startswith("local "):
                continue
            # a symbol of a module ends in a slash
            if symbol.endswith("/"):
                continue
            if occurrence.get(3, 0) & 1:
                defined.setdefault(symbol, path)
            else:
                used[path].add(symbol)
    lines = set(paths)
    for path in paths:
        lines |= {f"{path}\t{child}" for child in declared(index.parent, path)}
    for path, symbols in used.items():
        for symbol in symbols:
            target = defined.get(symbol)
            if target and target != path:
                lines.add(f"{path}\t{target}")
    print("\n".join(sorted(lines)))


if sys.argv[1] == "prepare":
    prepare(Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve())
else:
    edges(Path(sys.argv[2]))
