package wakervet

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// roleTable has the functions that a package hands to the kit as values.
type roleTable struct {
	info  *types.Info
	funcs map[*types.Func]role
	lits  map[*ast.FuncLit]role
}

// findRoles looks where a function becomes a FutureFunc or a ScheduleFunc, or a
// field of an Ops or a Vtable.
func findRoles(pass *analysis.Pass) *roleTable {
	t := &roleTable{pass.TypesInfo, make(map[*types.Func]role), make(map[*ast.FuncLit]role)}
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	filter := []ast.Node{(*ast.CallExpr)(nil), (*ast.CompositeLit)(nil), (*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil)}
	in.Preorder(filter, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.CallExpr:
			t.call(n)
		case *ast.CompositeLit:
			base := rousetypes.Name(t.info.TypeOf(n))
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					if key, ok := kv.Key.(*ast.Ident); ok {
						t.mark(kv.Value, fieldRole(base, key.Name))
					}
				}
			}
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if len(n.Rhs) != len(n.Lhs) {
					break
				}
				t.mark(n.Rhs[i], typeRole(t.info.TypeOf(lhs)))
				if sel, ok := lhs.(*ast.SelectorExpr); ok {
					t.mark(n.Rhs[i], fieldRole(rousetypes.Base(t.info.TypeOf(sel.X)), sel.Sel.Name))
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if i < len(n.Values) {
					t.mark(n.Values[i], typeRole(t.info.TypeOf(name)))
				}
			}
		}
	})
	return t
}

// call marks conversions and arguments.
func (t *roleTable) call(call *ast.CallExpr) {
	tv := t.info.Types[call.Fun]
	if tv.IsType() {
		if len(call.Args) == 1 {
			t.mark(call.Args[0], typeRole(tv.Type))
		}
		return
	}
	sig, ok := types.Unalias(tv.Type).(*types.Signature)
	if !ok {
		return
	}
	for i, arg := range call.Args {
		if i < sig.Params().Len() {
			t.mark(arg, typeRole(sig.Params().At(i).Type()))
		}
	}
}

func (t *roleTable) mark(e ast.Expr, r role) {
	if r == 0 {
		return
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		t.lits[e] |= r
	case *ast.Ident:
		if fn, ok := t.info.Uses[e].(*types.Func); ok {
			t.funcs[fn.Origin()] |= r
		}
	case *ast.SelectorExpr: // a method value or expression, or another package's function
		if fn, ok := t.info.Uses[e.Sel].(*types.Func); ok {
			t.funcs[fn.Origin()] |= r
		}
	}
}

func typeRole(t types.Type) role {
	switch rousetypes.Name(t) {
	case "FutureFunc":
		return poll
	case "ScheduleFunc":
		return scheduler
	}
	return 0
}

func fieldRole(base, field string) role {
	if base != "Ops" && base != "Vtable" {
		return 0
	}
	switch field {
	case "Poll":
		return poll | headerFn
	case "Schedule", "Yield":
		return scheduler
	}
	return 0
}

// declaredRole is the role that a method has by its name and signature: those of
// a Future and of a Scheduler.
func declaredRole(fn *types.Func) role {
	sig := fn.Signature()
	if sig.Recv() == nil {
		return 0
	}
	params, results := sig.Params(), sig.Results()
	switch fn.Name() {
	case "Poll":
		if params.Len() == 1 && paramOf(sig, "Context") == 0 && lastIsBool(results) {
			if results.Len() == 1 {
				return poll | headerFn
			}
			return poll
		}
	case "Schedule", "Yield":
		if paramOf(sig, "Notified") == 0 && results.Len() == 0 &&
			(params.Len() == 1 || params.Len() == 2 && rousetypes.Name(params.At(1).Type()) == "Reason") {
			return scheduler
		}
	}
	return 0
}

// lastIsBool reports whether results is (bool) or (T, bool).
func lastIsBool(results *types.Tuple) bool {
	n := results.Len()
	return (n == 1 || n == 2) && isBool(results.At(n-1).Type())
}

// method returns the method of t, or of *t, that is named name: declared by it or
// promoted to it.
func method(t types.Type, name string) *types.Func {
	if t == nil {
		return nil
	}
	if _, ok := types.Unalias(t).(*types.Pointer); !ok && !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	for m := range types.NewMethodSet(t).Methods() {
		if fn, ok := m.Obj().(*types.Func); ok && fn.Name() == name {
			return fn
		}
	}
	return nil
}

// pollOf returns the Poll by which t, or *t, is a future or the task of a table.
func pollOf(t types.Type) *types.Func {
	fn := method(t, "Poll")
	if fn == nil || !lastIsBool(fn.Signature().Results()) || fn.Signature().Params().Len() != 1 || paramOf(fn.Signature(), "Context") != 0 {
		return nil
	}
	return fn
}

// isFuture reports whether t, or *t, is a future.
func isFuture(t types.Type) bool {
	fn := pollOf(t)
	return fn != nil && fn.Signature().Results().Len() == 2
}

// plain reports whether fn takes and returns nothing, as a destructor does.
func plain(fn *types.Func) bool {
	return fn.Signature().Params().Len() == 0 && fn.Signature().Results().Len() == 0
}
