//go:build !js && !wasip1

package rouse

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"go/types"
	"maps"
	"os"
	"strings"
	"testing"
)

// announced are the plain fields that several goroutines use in turn, and how an
// access to each is announced to the explorer: one label may stand for several
// fields that one lock or one claim guards.
var announced = map[string]string{
	"Header.next":        "link",
	"Header.shard":       "shard",
	"Header.prev":        "list link",
	"Header.succ":        "list link",
	"shard.tasks":        "shard's list",
	"shard.first":        "owner list",
	"shard.last":         "owner list",
	"shard.length":       "owner list",
	"shard.bound":        "owner list",
	"shard.notes":        "notes",
	"cell.sched":         "scheduler",
	"cell.pool":          "pool",
	"cell.err":           "error",
	"cell.joiner":        "join waker",
	"joinCell.out":       "output",
	"SharedQueue.first":  "queue",
	"SharedQueue.last":   "queue",
	"SharedQueue.closed": "queue",
	"Waiter.prev":        "waiter",
	"Waiter.next":        "waiter",
	"Waiter.waker":       "waiter",
	"waitList.first":     "wait list",
	"waitList.last":      "wait list",
	"StealQueue.ring":    "slot",
}

// announcedElsewhere are the functions that announce nothing of a field that they
// use, and why.
var announcedElsewhere = map[string]string{
	"taskCell.poll":                 "run announces the output: poll must be inlined",
	"taskCell.drop":                 "cell.drop and complete announce it by touches",
	"destructCell.drop":             "cell.drop announces it by touches",
	"SharedQueue.push closed":       "append, in the same lock, announces the queue; a closed queue has no other use",
	"SharedQueue.popClosing closed": "pop, in the same lock, announces the queue",
}

// TestAnnouncements demands that each function that uses such a field announces
// it: what is not announced the explorer cannot find to be a race.
func TestAnnouncements(t *testing.T) {
	kit := checkedKit(t)
	unused := maps.Clone(announcedElsewhere)
	seen := map[string]bool{}
	for _, f := range kit.functions {
		for field, wrote := range kit.used(f) {
			label, ok := announced[field]
			if !ok {
				continue
			}
			seen[field] = true
			name := f.name
			_, short, _ := strings.Cut(field, ".")
			for _, key := range []string{name, name + " " + short} {
				if _, ok := announcedElsewhere[key]; ok {
					delete(unused, key)
					label = ""
				}
			}
			says := kit.says(f)
			switch {
			case label == "":
			case wrote && !says["writes "+label]:
				t.Errorf("%s writes %s, and announces no write of %q", name, field, label)
			case !wrote && !says["writes "+label] && !says["reads "+label]:
				t.Errorf("%s reads %s, and announces no read of %q", name, field, label)
			}
		}
	}
	for field := range announced {
		if !seen[field] {
			t.Errorf("no function uses %s: it has another name now", field)
		}
	}
	for name := range unused {
		t.Errorf("%s is an exception, and needs none", name)
	}
}

// A source is the package's source, of the default build, with its types.
type source struct {
	info      *types.Info
	fields    map[*types.Var]string // of the structs of the package, by name
	functions []function
}

type function struct {
	name string // with the type of its receiver
	decl *ast.FuncDecl
}

// checkedKit reads the source. What other packages declare is left open: the fields
// of the kit's own structs are known without them.
func checkedKit(t *testing.T) *source {
	t.Helper()
	fset := gotoken.NewFileSet()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") ||
			strings.HasSuffix(name, "_on.go") || name == "word_explore.go" { // other builds
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	s := &source{
		info: &types.Info{
			Defs:       map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{},
		},
		fields: map[*types.Var]string{},
	}
	config := types.Config{Importer: nothing{}, Error: func(error) {}}
	pkg, _ := config.Check("rouse", fset, files, s.info)
	for _, name := range pkg.Scope().Names() {
		obj, ok := pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		if st, ok := obj.Type().Underlying().(*types.Struct); ok {
			for i := range st.NumFields() {
				s.fields[st.Field(i)] = name + "." + st.Field(i).Name()
			}
		}
	}
	for _, file := range files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				s.functions = append(s.functions, function{receiver(f) + f.Name.Name, f})
			}
		}
	}
	return s
}

// nothing imports packages that declare nothing.
type nothing struct{}

func (nothing) Import(path string) (*types.Package, error) {
	p := types.NewPackage(path, path[strings.LastIndexByte(path, '/')+1:])
	p.MarkComplete()
	return p, nil
}

// receiver returns the name of the type that f is a method of, and a dot.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	typ := f.Recv.List[0].Type
	for {
		switch x := typ.(type) {
		case *ast.StarExpr:
			typ = x.X
		case *ast.IndexExpr:
			typ = x.X
		case *ast.IndexListExpr:
			typ = x.X
		case *ast.Ident:
			return x.Name + "."
		default:
			return ""
		}
	}
}

// used returns the fields that f uses, and whether it writes them. What is only
// announced is not used.
func (s *source) used(f function) map[string]bool {
	writes := map[ast.Expr]bool{}
	announcements := map[ast.Node]bool{}
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				writes[base(l)] = true
			}
		case *ast.IncDecStmt:
			writes[base(n.X)] = true
		case *ast.CallExpr:
			if _, _, ok := announcement(n); ok {
				announcements[n] = true
			}
		}
		return true
	})
	used := map[string]bool{}
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		if announcements[n] {
			return false
		}
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if got, ok := s.info.Selections[sel]; ok && got.Kind() == types.FieldVal {
				if v, ok := got.Obj().(*types.Var); ok {
					if name := s.fields[v.Origin()]; name != "" {
						used[name] = used[name] || writes[sel]
					}
				}
			}
		}
		return true
	})
	return used
}

// base returns what is assigned to: of x.f[i], x.f.
func base(e ast.Expr) ast.Expr {
	for {
		i, ok := e.(*ast.IndexExpr)
		if !ok {
			return e
		}
		e = i.X
	}
}

// says returns what f announces.
func (s *source) says(f function) map[string]bool {
	said := map[string]bool{}
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if how, label, ok := announcement(call); ok {
				said[how+" "+label] = true
			}
		}
		return true
	})
	return said
}

func announcement(call *ast.CallExpr) (how, label string, ok bool) {
	f, _ := call.Fun.(*ast.Ident)
	if f == nil || f.Name != "reads" && f.Name != "writes" || len(call.Args) != 2 {
		return "", "", false
	}
	lit, _ := call.Args[1].(*ast.BasicLit)
	if lit == nil {
		return "", "", false
	}
	return f.Name, strings.Trim(lit.Value, `"`), true
}
