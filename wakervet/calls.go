package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// onStack visits the calls that running body makes before it returns: not those of
// goroutines, nor of function literals, unless they are called or deferred where
// they stand.
func onStack(body ast.Node, visit func(*ast.CallExpr)) {
	inStack(body, func(n ast.Node) {
		if call, ok := n.(*ast.CallExpr); ok {
			visit(call)
		}
	})
}

// inStack is onStack for all nodes.
func inStack(body ast.Node, visit func(ast.Node)) {
	direct := make(map[*ast.FuncLit]bool)
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil:
			return true
		case *ast.GoStmt:
			for _, a := range n.Call.Args {
				inStack(a, visit)
			}
			return false
		case *ast.FuncLit:
			return direct[n]
		case *ast.CallExpr:
			if lit, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok {
				direct[lit] = true
			}
		}
		visit(n)
		return true
	})
}

// anywhere visits all calls in body, those of goroutines and literals too.
func anywhere(body ast.Node, visit func(*ast.CallExpr)) {
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			visit(call)
		}
		return true
	})
}

// reaching returns the declared functions of the package that make a wanted call on
// the stack of their caller, themselves or through other functions of the package.
func reaching(info *types.Info, all []*function, wanted func(*ast.CallExpr) bool) map[*types.Func]bool {
	found := make(map[*types.Func]bool)
	callers := make(map[*types.Func][]*types.Func)
	var work []*types.Func
	for _, f := range all {
		if f.obj == nil {
			continue
		}
		onStack(f.body, func(call *ast.CallExpr) {
			if wanted(call) && !found[f.obj] {
				found[f.obj] = true
				work = append(work, f.obj)
			}
			// What the kit's own functions do is said by name.
			if callee := rousetypes.Callee(info, call); callee != nil && !exported(callee) {
				callers[callee] = append(callers[callee], f.obj)
			}
		})
	}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		for _, caller := range callers[fn] {
			if !found[caller] {
				found[caller] = true
				work = append(work, caller)
			}
		}
	}
	return found
}

// exported reports whether fn is the kit's, and exported: its tests call it as users do.
func exported(fn *types.Func) bool { return inKit(fn) && fn.Exported() }

// A place is a variable, or a field reached from one by selections alone.
type place struct {
	root *types.Var
	path string
}

// placeOf returns the place that e denotes, through pointers too.
func placeOf(info *types.Info, e ast.Expr) (place, bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, ok := info.ObjectOf(e).(*types.Var)
		return place{root: v}, ok
	case *ast.StarExpr:
		return placeOf(info, e.X)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return placeOf(info, e.X)
		}
	case *ast.SelectorExpr:
		s := info.Selections[e]
		if s == nil {
			v, ok := info.Uses[e.Sel].(*types.Var)
			return place{root: v}, ok
		}
		if s.Kind() != types.FieldVal {
			return place{}, false
		}
		p, ok := placeOf(info, e.X)
		p.path += embedded(s) + "." + e.Sel.Name
		return p, ok
	}
	return place{}, false
}

// receiverPlace is placeOf for the receiver of the method call x.m(...), with the
// embedded fields through which m is promoted.
func receiverPlace(info *types.Info, call *ast.CallExpr) (place, bool) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || info.Selections[sel] == nil {
		return place{}, false
	}
	p, ok := placeOf(info, sel.X)
	p.path += embedded(info.Selections[sel])
	return p, ok
}

// embedded spells the embedded fields that s passes through.
func embedded(s *types.Selection) string {
	path, t := "", s.Recv()
	for _, i := range s.Index()[:len(s.Index())-1] {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		u, ok := t.Underlying().(*types.Struct)
		if !ok {
			break
		}
		path += "." + u.Field(i).Name()
		t = u.Field(i).Type()
	}
	return path
}

// holder returns the field or variable that holds what a method of the kit is
// called on: the innermost one, by which all values of its struct are named at once.
func holder(info *types.Info, call *ast.CallExpr) *types.Var {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	if s := info.Selections[sel]; s != nil && len(s.Index()) > 1 {
		var field *types.Var
		t := s.Recv()
		for _, i := range s.Index()[:len(s.Index())-1] {
			if p, ok := t.Underlying().(*types.Pointer); ok {
				t = p.Elem()
			}
			u, ok := t.Underlying().(*types.Struct)
			if !ok {
				return nil
			}
			field = u.Field(i).Origin()
			t = field.Type()
		}
		return field
	}
	e := ast.Unparen(sel.X)
	for {
		x, ok := e.(*ast.IndexExpr)
		if !ok {
			break
		}
		e = ast.Unparen(x.X)
	}
	v, _ := denoted(info, e).(*types.Var)
	if v != nil {
		v = v.Origin()
	}
	return v
}
