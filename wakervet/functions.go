package wakervet

import (
	"go/ast"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/ctrlflow"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/cfg"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// functions lists the functions of a package and the part that each plays for
// the kit. It finds nothing in a package that cannot hold a type of the kit.
var functions = &analysis.Analyzer{
	Name:       "rousefunctions",
	Doc:        "find the functions of a package and which of them are polls and schedulers",
	URL:        url,
	Run:        findFunctions,
	Requires:   []*analysis.Analyzer{inspect.Analyzer, ctrlflow.Analyzer},
	ResultType: reflect.TypeFor[[]*function](),
}

type role uint8

const (
	poll      role = 1 << iota // called by the kit to poll a task or a future
	headerFn                   // a poll of a task whose owner may wake it without a waker
	scheduler                  // takes a Notified as Schedule or Yield
)

// A function is a declaration or a literal that has a body.
type function struct {
	node  ast.Node // *ast.FuncDecl or *ast.FuncLit
	obj   *types.Func
	typ   *ast.FuncType
	sig   *types.Signature
	body  *ast.BlockStmt
	graph *cfg.CFG
	outer *function // the function that a literal stands in
	role  role
	test  bool // it stands in a test file
}

// probes reports whether f is a literal in a test that does nothing but call: to
// expect a panic, or to measure. What it discards it discards on purpose.
func (f *function) probes() bool {
	if _, lit := f.node.(*ast.FuncLit); !lit || !f.test {
		return false
	}
	return !slices.ContainsFunc(f.body.List, func(s ast.Stmt) bool {
		_, call := s.(*ast.ExprStmt)
		return !call
	})
}

// blocks returns the blocks of f's control-flow graph that can be reached.
func (f *function) blocks() []*cfg.Block {
	if f.graph == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(f.graph.Blocks), func(b *cfg.Block) bool { return !b.Live })
}

// param returns the parameter at index i of f's signature and its declaration,
// which is nil if the parameter has no name or is blank.
func (f *function) param(i int) (*types.Var, *ast.Ident) {
	at := 0
	for _, field := range f.typ.Params.List {
		if len(field.Names) == 0 {
			if at == i {
				return f.sig.Params().At(i), nil
			}
			at++
		}
		for _, name := range field.Names {
			if at == i {
				if name.Name == "_" {
					name = nil
				}
				return f.sig.Params().At(i), name
			}
			at++
		}
	}
	return f.sig.Params().At(i), nil
}

// paramOf returns the index of the only parameter of f of the kit's type name,
// or -1.
func paramOf(sig *types.Signature, name string) int {
	at := -1
	for i := range sig.Params().Len() {
		if rousetypes.Name(sig.Params().At(i).Type()) == name {
			if at >= 0 {
				return -1
			}
			at = i
		}
	}
	return at
}

func findFunctions(pass *analysis.Pass) (any, error) {
	var all []*function
	if !rousetypes.InScope(pass.Pkg) {
		return all, nil
	}
	cfgs := pass.ResultOf[ctrlflow.Analyzer].(*ctrlflow.CFGs)
	roles := findRoles(pass)
	root := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	byNode := make(map[ast.Node]*function)
	for c := range root.Preorder((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		f := &function{node: c.Node()}
		switch n := c.Node().(type) {
		case *ast.FuncDecl:
			f.obj, _ = pass.TypesInfo.Defs[n.Name].(*types.Func)
			if n.Body == nil || f.obj == nil {
				continue
			}
			f.typ, f.body, f.sig, f.graph = n.Type, n.Body, f.obj.Signature(), cfgs.FuncDecl(n)
			f.role = roles.funcs[f.obj] | declaredRole(f.obj)
		case *ast.FuncLit:
			f.sig, _ = pass.TypesInfo.TypeOf(n).(*types.Signature)
			if f.sig == nil {
				continue
			}
			f.typ, f.body, f.graph, f.role = n.Type, n.Body, cfgs.FuncLit(n), roles.lits[n]
			for p := range c.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
				if p.Node() != n {
					f.outer = byNode[p.Node()]
					break
				}
			}
		}
		f.test = strings.HasSuffix(pass.Fset.Position(f.node.Pos()).Filename, "_test.go")
		byNode[f.node] = f
		all = append(all, f)
	}
	return all, nil
}
