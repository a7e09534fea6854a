//go:build !js && !wasip1 && !rouse_debug && !rouse_trace && !rouse_explore

package rouse_test

import (
	"flag"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

//go:generate go test -run ^TestExports$ -update .

const exportsFile = "testdata/exports.txt"

// TestExports compares what the production build exports with a list under
// version control, so that each new name is a decision.
func TestExports(t *testing.T) {
	var x exports
	x.add(load(t, "github.com/rouse-go/rouse"))
	slices.Sort(x.lines)
	got := strings.Join(x.lines, "\n") + "\n"
	if flag.Lookup("update").Value.String() == "true" { // transitions_doc_test.go has it
		if err := os.WriteFile(exportsFile, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(exportsFile)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.ReplaceAll(string(b), "\r\n", "\n"); got != want {
		t.Errorf("%d types, %d constants, %d variables, %d functions and methods, %d fields are exported, and not those of %s; if that is meant: go generate .\n(-listed +found)\n%s",
			x.types, x.consts, x.vars, x.funcs, x.fields, exportsFile, cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")))
	}
}

// load asks the go command for what the compiler tells importers of path.
func load(t *testing.T, path string) *types.Package {
	cmd := exec.Command("go", "list", "-tags=", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}", path)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v", cmd, err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		p, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		files[p] = file
	}
	lookup := func(p string) (io.ReadCloser, error) { return os.Open(files[p]) }
	pkg, err := importer.ForCompiler(token.NewFileSet(), "gc", lookup).Import(path)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

// exports are what a package exports, a line each, and how many of each kind.
type exports struct {
	lines                              []string
	types, consts, vars, funcs, fields int
}

func (x *exports) add(pkg *types.Package) {
	local := types.RelativeTo(pkg)
	say := func(n *int, format string, args ...any) {
		*n++
		x.lines = append(x.lines, fmt.Sprintf(format, args...))
	}
	for _, name := range pkg.Scope().Names() {
		obj := pkg.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		switch obj := obj.(type) {
		case *types.Const:
			say(&x.consts, "const %s %s = %s", name, types.TypeString(obj.Type(), local), obj.Val())
		case *types.Var:
			say(&x.vars, "var %s %s", name, types.TypeString(obj.Type(), local))
		case *types.Func:
			say(&x.funcs, "%s", types.ObjectString(obj, local))
		case *types.TypeName:
			of := obj.Type().Underlying()
			say(&x.types, "type %s %s", types.TypeString(obj.Type(), local), shape(of, local))
			if s, ok := of.(*types.Struct); ok {
				for f := range s.Fields() {
					if f.Exported() {
						say(&x.fields, "field %s.%s %s", name, f.Name(), types.TypeString(f.Type(), local))
					}
				}
			}
			for m := range methods(obj.Type()) {
				if m.Obj().Exported() {
					say(&x.funcs, "method (%s) %s%s", receiver(obj, m, local), m.Obj().Name(),
						strings.TrimPrefix(types.TypeString(m.Type(), local), "func"))
				}
			}
		}
	}
}

// shape is the type without what is not exported.
func shape(t types.Type, local types.Qualifier) string {
	switch t := t.(type) {
	case *types.Struct:
		return "struct"
	case *types.Interface:
		return "interface"
	default:
		return types.TypeString(t, local)
	}
}

// methods are those of a T, promoted ones and those of a *T too.
func methods(t types.Type) func(func(*types.Selection) bool) {
	if !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	return types.NewMethodSet(t).Methods()
}

// receiver prints the type that declares m, or that embeds who does.
func receiver(of *types.TypeName, m *types.Selection, local types.Qualifier) string {
	if len(m.Index()) > 1 || types.IsInterface(of.Type()) {
		return of.Name()
	}
	return types.TypeString(m.Obj().(*types.Func).Signature().Recv().Type(), local)
}
