package wakervet

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// releasedTypes returns the types of tasks that are given to somebody when they are
// released, and of which no poll keeps a waker: the first run of such a task that
// nobody owns is followed by its release.
func releasedTypes(pass *analysis.Pass) map[types.Object]bool {
	found := make(map[types.Object]bool)
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	in.Preorder([]ast.Node{(*ast.CompositeLit)(nil)}, func(n ast.Node) {
		lit := n.(*ast.CompositeLit)
		t := pass.TypesInfo.TypeOf(lit)
		if rousetypes.Name(t) != "Ops" {
			return
		}
		args := types.Unalias(t).(*types.Named).TypeArgs()
		if args.Len() != 1 {
			return
		}
		task, ok := types.Unalias(args.At(0)).(*types.Named)
		if !ok {
			return
		}
		releases, wakes := false, true
		for _, elt := range lit.Elts {
			kv, ok := elt.(*ast.KeyValueExpr)
			if !ok {
				return
			}
			key, _ := kv.Key.(*ast.Ident)
			switch {
			case key == nil:
			case key.Name == "Release":
				releases = true
			case key.Name == "Poll":
				poll, ok := ast.Unparen(kv.Value).(*ast.FuncLit)
				wakes = !ok || usesContext(pass.TypesInfo, poll)
			}
		}
		if releases && !wakes {
			found[task.Origin().Obj()] = true
		}
	})
	return found
}

// usesContext reports whether the literal refers to its Context.
func usesContext(info *types.Info, lit *ast.FuncLit) bool {
	for _, field := range lit.Type.Params.List {
		for _, name := range field.Names {
			if v, ok := info.Defs[name].(*types.Var); ok && rousetypes.Name(v.Type()) == "Context" {
				return refers(info, lit.Body, v)
			}
		}
	}
	return false
}

// owner returns the name of the type whose field the Header at p is.
func owner(p place) types.Object {
	t := p.root.Type()
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return nil
	}
	return named.Origin().Obj()
}
