package wakervet

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// duties returns the variables of f that a call for which gives holds defines:
// only those declared there, since one assigned earlier or elsewhere may be
// consumed under a condition of its own.
func duties(pass *analysis.Pass, f *function, gives func(*ast.CallExpr) (typ string)) []duty {
	var found []duty
	add := func(def ast.Node, names []ast.Expr, values []ast.Expr) {
		if len(values) != 1 && len(values) != len(names) {
			return
		}
		for i, name := range names {
			value := values[0]
			if len(values) == len(names) {
				value = values[i]
			}
			call, ok := ast.Unparen(value).(*ast.CallExpr)
			if !ok {
				continue
			}
			id, ok := name.(*ast.Ident)
			if !ok || id.Name == "_" {
				continue
			}
			v, ok := pass.TypesInfo.Defs[id].(*types.Var)
			if typ := gives(call); !ok || typ == "" || rousetypes.Name(v.Type()) != typ {
				continue
			}
			d := duty{v: v, def: def}
			if len(values) != len(names) {
				if d.guard, ok = guardOf(pass.TypesInfo, names); !ok {
					continue
				}
			}
			found = append(found, d)
		}
	}
	for _, b := range f.blocks() {
		for _, n := range b.Nodes {
			switch n := n.(type) {
			case *ast.AssignStmt:
				add(n, n.Lhs, n.Rhs)
			case *ast.ValueSpec:
				names := make([]ast.Expr, len(n.Names))
				for i, id := range n.Names {
					names[i] = id
				}
				add(n, names, n.Values)
			}
		}
	}
	return found
}

// taken returns the parameters of f that its annotation says it takes.
func taken(n *notes, f *function, base string) []duty {
	var found []duty
	if f.obj == nil || f.graph == nil {
		return nil
	}
	for i := range f.sig.Params().Len() {
		p := f.sig.Params().At(i)
		if n.param(f.obj, i) == takes && rousetypes.Base(p.Type()) == base && p.Name() != "_" {
			found = append(found, duty{v: p})
		}
	}
	return found
}

// givesWaker returns "Waker" if call returns an owned waker that must be given
// back. What FuncWaker and the like return owns nothing, and what a function
// outside the kit returns may be of that kind.
func givesWaker(info *types.Info, call *ast.CallExpr) string {
	fn := rousetypes.Callee(info, call)
	if fn == nil || !returns(info, call, "Waker") {
		return ""
	}
	switch {
	case !inKit(fn):
		if removes(fn) {
			return "Waker"
		}
	case fn.Signature().Recv() != nil || fn.Name() == "WakerFromRaw":
		return "Waker"
	}
	return ""
}

// givesNotified returns "Notified" if call hands over the duty to run a task.
func givesNotified(info *types.Info, call *ast.CallExpr) string {
	fn := rousetypes.Callee(info, call)
	if fn == nil || !returns(info, call, "Notified") {
		return ""
	}
	if inKit(fn) && strings.HasPrefix(fn.Name(), "Init") || removes(fn) {
		return "Notified"
	}
	return ""
}

func inKit(fn *types.Func) bool { return rousetypes.Kit(fn.Pkg()) }

// removes reports whether the name of a function says that the caller gets what it
// returns for its own; others may only look at it.
func removes(fn *types.Func) bool {
	name := strings.ToLower(fn.Name())
	return slices.ContainsFunc([]string{"pop", "take", "steal", "dequeue"}, func(prefix string) bool {
		return strings.HasPrefix(name, prefix)
	})
}

// returns reports whether one of call's results is of the kit's type name.
func returns(info *types.Info, call *ast.CallExpr, name string) bool {
	switch t := info.TypeOf(call).(type) {
	case *types.Tuple:
		for v := range t.Variables() {
			if rousetypes.Name(v.Type()) == name {
				return true
			}
		}
		return false
	default:
		return rousetypes.Name(t) == name
	}
}
