package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/cfg"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// A duty is a variable that must be discharged on every path from its
// definition to the end of the function.
type duty struct {
	v     *types.Var
	def   ast.Node   // the node of the graph that defines v; nil for a parameter
	guard *types.Var // the bool or error that came with v: v is empty if it says so
}

// forgotten looks for a path from d's definition to a return, or back to the
// definition, on which v is not discharged, and returns where it ends; NoPos if
// there is none. discharges classifies a mention. Where a condition that cannot be
// read concerns the guard, the path is taken to be in order.
func forgotten(info *types.Info, g *cfg.CFG, d duty, discharges func(mention) bool) token.Pos {
	start, after := g.Blocks[0], 0
	if d.def != nil {
		start = nil
		for _, b := range g.Blocks {
			for i, n := range b.Nodes {
				if n == d.def && b.Live {
					start, after = b, i+1
				}
			}
		}
		if start == nil {
			return token.NoPos
		}
	}
	s := newSearch(info, g)
	s.node = func(b *cfg.Block, i int) verdict {
		n := b.Nodes[i]
		if n == d.def {
			return ends
		}
		for _, m := range mentions(info, n, d.v) {
			if m.kind == called && m.method == "IsZero" {
				continue // read as a condition below
			}
			if discharges(m) {
				return inOrder
			}
		}
		cond := len(b.Succs) == 2 && i == len(b.Nodes)-1
		if _, ret := n.(*ast.ReturnStmt); !ret && !cond && d.asks(info, n) {
			return inOrder
		}
		return goesOn
	}
	s.edge = func(cond ast.Node, value bool) bool { return d.held(info, cond, value) }
	return s.from(start, after)
}

// asks reports whether n looks at the guard, or whether v is zero.
func (d duty) asks(info *types.Info, n ast.Node) bool {
	if d.guard != nil && refers(info, n, d.guard) {
		return true
	}
	for _, m := range mentions(info, n, d.v) {
		if m.kind == called && m.method == "IsZero" {
			return true
		}
	}
	return false
}

// held reports whether v may be non-empty on the edge taken when cond has the
// given value, as far as can be read.
func (d duty) held(info *types.Info, cond ast.Node, value bool) bool {
	e, ok := cond.(ast.Expr)
	return !ok || !d.asks(info, e) || d.implied(info, e, value)
}

// implied reports whether e having the given value implies that v is not empty.
func (d duty) implied(info *types.Info, e ast.Expr, value bool) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return d.guard != nil && info.Uses[e] == d.guard && isBool(d.guard.Type()) && value
	case *ast.UnaryExpr:
		return e.Op == token.NOT && d.implied(info, e.X, !value)
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LAND:
			return value && (d.implied(info, e.X, true) || d.implied(info, e.Y, true))
		case token.LOR:
			return !value && (d.implied(info, e.X, false) || d.implied(info, e.Y, false))
		case token.EQL, token.NEQ: // of an error
			id, ok := ast.Unparen(e.X).(*ast.Ident)
			return ok && d.guard != nil && info.Uses[id] == d.guard &&
				info.Types[e.Y].IsNil() && value == (e.Op == token.EQL)
		}
	case *ast.CallExpr:
		x, _, method := rousetypes.Method(info, e)
		id, ok := x.(*ast.Ident)
		return ok && method == "IsZero" && info.Uses[id] == d.v && !value
	}
	return false
}

// guardOf returns the last of names if it is a bool or an error. ok is false if a
// variable defined beside others has no such guard: which of them says that it is
// empty cannot be known.
func guardOf(info *types.Info, names []ast.Expr) (guard *types.Var, ok bool) {
	if len(names) == 1 {
		return nil, true
	}
	id, isIdent := names[len(names)-1].(*ast.Ident)
	if !isIdent || len(names) != 2 {
		return nil, false
	}
	if id.Name == "_" {
		return nil, false
	}
	guard, _ = info.ObjectOf(id).(*types.Var)
	if guard == nil {
		return nil, false
	}
	if types.Identical(guard.Type(), types.Universe.Lookup("error").Type()) {
		return guard, true
	}
	return guard, isBool(guard.Type())
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Bool
}
