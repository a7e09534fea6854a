package wakervet

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// keepsWaker reports a future without a Drop whose poll stores a waker in a field of its
// own that the package never consumes.
func (d *destructors) keepsWaker(spec *ast.TypeSpec, t types.Type, s *types.Struct) {
	decl := d.function(pollOf(t).Origin())
	if decl == nil {
		return
	}
	keeps := func(e ast.Expr) *types.Var {
		v, _ := denoted(d.pass.TypesInfo, e).(*types.Var)
		for f := range s.Fields() {
			if v != nil && f.Origin() == v.Origin() && rousetypes.Name(f.Type()) == "Waker" {
				return f
			}
		}
		return nil
	}
	var kept *types.Var
	ast.Inspect(decl.body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				kept = cmp.Or(kept, keeps(lhs))
			}
		case *ast.CallExpr:
			if x, typ, m := rousetypes.Method(d.pass.TypesInfo, n); typ == "Waker" && m == "CloneFrom" {
				kept = cmp.Or(kept, keeps(x))
			}
		}
		return true
	})
	if kept != nil && !d.consumed(kept) {
		d.notes.reportf(d.pass, spec.Name, "the future %s keeps a waker in %s, which nothing gives back: drop it in a Drop", spec.Name.Name, kept.Name())
	}
}

// consumed reports whether the package may consume the waker in the field f.
func (d *destructors) consumed(f *types.Var) bool {
	found := false
	for _, fn := range d.all {
		ast.Inspect(fn.body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if x, typ, m := rousetypes.Method(d.pass.TypesInfo, n); typ == "Waker" && verbs[typ].consume[m] {
					v, _ := denoted(d.pass.TypesInfo, x).(*types.Var)
					found = found || v != nil && v.Origin() == f.Origin()
				}
			case *ast.UnaryExpr: // its address is given away
				v, _ := denoted(d.pass.TypesInfo, n.X).(*types.Var)
				found = found || n.Op == token.AND && v != nil && v.Origin() == f.Origin()
			}
			return !found
		})
	}
	return found
}

// waits reports a future that waits by the Waiter in its field f, and does not drop it.
func (d *destructors) waits(spec *ast.TypeSpec, t types.Type, drop *types.Func, f *types.Var) {
	poll := pollOf(t)
	if d.function(poll.Origin()) == nil || !d.mentionsField(poll, f) || drop != nil && d.mentionsField(drop, f) {
		return
	}
	d.notes.reportf(d.pass, spec.Name, "the future %s waits by %s, which it does not drop: what it is chosen for after its task was aborted is lost", spec.Name.Name, f.Name())
}
