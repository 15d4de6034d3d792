// Reference edges of Go sources by the type checker of the language, tolerating missing libraries.
//
// go run tests/edges/go/main.go CHECKOUT > edges.tsv
//
// A use is an identifier that stands for something another file of the repository declares, found by the checker itself.
// Methods and fields count for the file that declares them.
package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

type module struct{ path, folder string }

type loader struct {
	root    string
	fset    *token.FileSet
	modules []module
	done    map[string]*types.Package
	out     map[string]bool
}

func (l *loader) folder(path string) string {
	for _, m := range l.modules {
		if path == m.path || strings.HasPrefix(path, m.path+"/") {
			return filepath.Join(m.folder, strings.TrimPrefix(path, m.path))
		}
	}
	return ""
}

func (l *loader) Import(path string) (*types.Package, error) {
	if p, ok := l.done[path]; ok {
		if p == nil {
			return nil, fmt.Errorf("cycle")
		}
		return p, nil
	}
	folder := l.folder(path)
	if folder == "" {
		return nil, fmt.Errorf("outside: %s", path)
	}
	l.done[path] = nil
	p := l.check(path, folder)
	if p == nil {
		return nil, fmt.Errorf("none: %s", path)
	}
	l.done[path] = p
	return p, nil
}

func (l *loader) rel(pos token.Pos) string {
	rel, _ := filepath.Rel(l.root, l.fset.Position(pos).Filename)
	return rel
}

func (l *loader) check(path, folder string) *types.Package {
	names, _ := filepath.Glob(filepath.Join(folder, "*.go"))
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		if ok, err := build.Default.MatchFile(filepath.Dir(name), filepath.Base(name)); err != nil || !ok {
			continue
		}
		if file, _ := parser.ParseFile(l.fset, name, nil, parser.SkipObjectResolution); file != nil {
			files = append(files, file)
		}
	}
	if len(files) == 0 {
		return nil
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	config := types.Config{Importer: l, Error: func(error) {}, FakeImportC: true}
	p, _ := config.Check(path, l.fset, files, info)
	for _, file := range files {
		l.out[l.rel(file.Pos())] = true
	}
	for ident, object := range info.Uses {
		if !object.Pos().IsValid() || object.Pkg() == nil {
			continue
		}
		if _, ok := object.(*types.PkgName); ok {
			continue
		}
		from, to := l.rel(ident.Pos()), l.rel(object.Pos())
		if from != to && !strings.HasPrefix(to, "..") {
			l.out[from+"\t"+to] = true
		}
	}
	return p
}

func main() {
	root, _ := filepath.Abs(os.Args[1])
	root, _ = filepath.EvalSymlinks(root)
	l := &loader{root: root, fset: token.NewFileSet(), done: map[string]*types.Package{}, out: map[string]bool{}}
	folders := map[string]bool{}
	_ = filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return nil
		}
		name := info.Name()
		if info.IsDir() && (name == "vendor" || name == "testdata" || name == "node_modules" || name == ".git") {
			return filepath.SkipDir
		}
		if name == "go.mod" {
			text, _ := os.ReadFile(path)
			scanner := bufio.NewScanner(strings.NewReader(string(text)))
			for scanner.Scan() {
				if fields := strings.Fields(scanner.Text()); len(fields) >= 2 && fields[0] == "module" {
					l.modules = append(l.modules, module{fields[1], filepath.Dir(path)})
				}
			}
		}
		if strings.HasSuffix(name, ".go") {
			folders[filepath.Dir(path)] = true
		}
		return nil
	})
	sort.Slice(l.modules, func(a, b int) bool { return len(l.modules[a].path) > len(l.modules[b].path) })
	for folder := range folders {
		best := module{}
		for _, m := range l.modules {
			if (folder == m.folder || strings.HasPrefix(folder, m.folder+"/")) && len(m.folder) > len(best.folder) {
				best = m
			}
		}
		if best.path == "" {
			best = module{"_", root}
		}
		_, _ = l.Import(strings.TrimSuffix(best.path+"/"+filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(folder, best.folder), "/")), "/"))
	}
	var lines []string
	for line := range l.out {
		lines = append(lines, line)
	}
	sort.Strings(lines)
	fmt.Println(strings.Join(lines, "\n"))
}
