package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// A taint knows which variables of a top-level function carry a borrowed waker
// that one of its functions received as a parameter. It looks at assignments
// without regard to their order.
type taint struct {
	info   *types.Info
	notes  *notes
	funcs  []*function              // the declaration, and the literals in it
	source map[*types.Var]*function // carriers, and the function that borrowed
	heap   map[*types.Var]bool      // what points to memory older than the call
}

// newTaint follows the parameters of funcs. A WakerRef obtained otherwise has a
// life of its own: that of the header or the Waker it was borrowed from.
func newTaint(info *types.Info, n *notes, funcs []*function) *taint {
	t := &taint{info, n, funcs, make(map[*types.Var]*function), make(map[*types.Var]bool)}
	for _, f := range funcs {
		if recv := f.sig.Recv(); recv != nil {
			t.heap[recv] = true
		}
		for i := range f.sig.Params().Len() {
			p := f.sig.Params().At(i)
			t.heap[p] = true
			if rousetypes.IsBorrow(p.Type()) && (f.obj == nil || n.param(f.obj, i) == unknown) {
				t.source[p] = f
			}
		}
	}
	if len(t.source) == 0 {
		return t
	}
	for before := -1; before != len(t.source)+len(t.heap); {
		before = len(t.source) + len(t.heap)
		ast.Inspect(funcs[0].node, func(c ast.Node) bool {
			switch c := c.(type) {
			case *ast.AssignStmt:
				for i, lhs := range c.Lhs {
					t.bind(lhs, c.Rhs[min(i, len(c.Rhs)-1)])
				}
			case *ast.ValueSpec:
				for i, name := range c.Names {
					if len(c.Values) > 0 {
						t.bind(name, c.Values[min(i, len(c.Values)-1)])
					}
				}
			case *ast.RangeStmt:
				if c.Value != nil {
					t.bind(c.Value, c.X)
				}
			}
			return true
		})
	}
	return t
}

// bind notes that what the variable under lhs holds comes from rhs.
func (t *taint) bind(lhs, rhs ast.Expr) {
	v, through := t.root(lhs)
	if v == nil || v.IsField() {
		return
	}
	if _, plain := ast.Unparen(lhs).(*ast.Ident); plain && t.old(rhs) {
		t.heap[v] = true
	}
	if t.source[v] != nil || through && t.heap[v] || !rousetypes.Holds(v.Type()) {
		return
	}
	if f := t.carried(rhs); f != nil && t.within(v, f) {
		t.source[v] = f
	}
}

// within reports whether v is declared inside f.
func (t *taint) within(v *types.Var, f *function) bool {
	return f.node.Pos() <= v.Pos() && v.Pos() < f.node.End()
}

// root returns the variable that e selects from, and whether a pointer, slice,
// map or interface lies between the two.
func (t *taint) root(e ast.Expr) (v *types.Var, through bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ = t.info.ObjectOf(e).(*types.Var)
		return v, false
	case *ast.SelectorExpr:
		if s := t.info.Selections[e]; s == nil {
			v, _ = t.info.Uses[e.Sel].(*types.Var) // of another package
			return v, false
		} else if s.Kind() != types.FieldVal {
			return nil, false
		} else if v, through = t.root(e.X); s.Indirect() {
			through = true
		}
		return v, through
	case *ast.IndexExpr:
		v, through = t.root(e.X)
		if u := t.info.TypeOf(e.X); u != nil {
			if _, array := u.Underlying().(*types.Array); !array {
				through = true
			}
		}
		return v, through
	case *ast.StarExpr:
		v, _ = t.root(e.X)
		return v, true
	}
	return nil, false
}

// old reports whether e, used as a pointer, points to memory that is older than
// the call: it is read out of, or points into, what such a pointer leads to.
func (t *taint) old(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			v, through := t.root(e.X)
			return through && v != nil && t.isOld(v)
		}
	case *ast.TypeAssertExpr:
		return t.old(e.X)
	case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr, *ast.StarExpr, *ast.SliceExpr:
		if s, ok := e.(*ast.SliceExpr); ok {
			return t.old(s.X)
		}
		v, _ := t.root(e.(ast.Expr))
		return v != nil && t.isOld(v)
	}
	return false
}

func (t *taint) isOld(v *types.Var) bool {
	return t.heap[v] || v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
}

// carried returns the function whose borrowed waker the value of e carries, or nil.
func (t *taint) carried(e ast.Expr) *function {
	if e == nil {
		return nil
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ := t.info.Uses[e].(*types.Var)
		return t.source[v]
	case *ast.FuncLit:
		return t.capturedBy(e)
	case *ast.CompositeLit:
		for _, elt := range e.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				elt = kv.Value
			}
			if f := t.carried(elt); f != nil {
				return f
			}
		}
	case *ast.SelectorExpr: // a field, or a method value
		if t.info.Selections[e] != nil && rousetypes.Holds(t.info.TypeOf(e)) {
			return t.carried(e.X)
		}
	case *ast.UnaryExpr:
		return t.carried(e.X)
	case *ast.StarExpr:
		return t.carried(e.X)
	case *ast.IndexExpr:
		if rousetypes.Holds(t.info.TypeOf(e)) {
			return t.carried(e.X)
		}
	case *ast.SliceExpr:
		return t.carried(e.X)
	case *ast.TypeAssertExpr:
		return t.carried(e.X)
	case *ast.CallExpr:
		return t.returned(e)
	}
	return nil
}

// returned is carried for the result of a call: that of a conversion, of append,
// of Context.Waker and of a function from one borrowed type to another.
func (t *taint) returned(call *ast.CallExpr) *function {
	id, _ := ast.Unparen(call.Fun).(*ast.Ident)
	_, builtin := t.info.Uses[id].(*types.Builtin)
	switch {
	case builtin && id.Name != "append":
		return nil
	case builtin, t.info.Types[call.Fun].IsType(), rousetypes.IsBorrow(t.info.TypeOf(call)):
	default:
		return nil
	}
	for _, a := range call.Args {
		if f := t.carried(a); f != nil {
			return f
		}
	}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && t.info.Selections[sel] != nil {
		return t.carried(sel.X)
	}
	return nil
}

// capturedBy is carried for a function literal.
func (t *taint) capturedBy(lit *ast.FuncLit) (f *function) {
	ast.Inspect(lit.Body, func(c ast.Node) bool {
		if id, ok := c.(*ast.Ident); ok && f == nil {
			v, _ := t.info.Uses[id].(*types.Var)
			if s := t.source[v]; s != nil && !(lit.Pos() <= v.Pos() && v.Pos() < lit.End()) {
				f = s
			}
		}
		return f == nil
	})
	return f
}
