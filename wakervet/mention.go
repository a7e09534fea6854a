package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

type mentionKind uint8

const (
	other    mentionKind = iota
	called               // receiver of a method of the kit
	argument             // v or &v, as an argument
	assigned             // v = ..., *v = ..., or its declaration
	address              // &v, but for an argument or a receiver
	captured             // in a function literal
)

// A mention is one occurrence of a variable in a node of a control-flow graph.
type mention struct {
	kind     mentionKind
	call     *ast.CallExpr
	method   string // of called: its name; "Task.ID" and the like for what is only asked of a task
	arg      int    // of argument: its index
	pos      token.Pos
	deferred bool // the call is a defer statement's
}

// mentions returns the occurrences of v in n, in the order of evaluation.
func mentions(info *types.Info, n ast.Node, v *types.Var) []mention {
	w := mentionWalker{info: info, v: v}
	w.walk(n)
	return w.found
}

type mentionWalker struct {
	info     *types.Info
	v        *types.Var
	deferred *ast.CallExpr
	found    []mention
}

func (w *mentionWalker) add(m mention) { w.found = append(w.found, m) }

func (w *mentionWalker) walk(n ast.Node) {
	switch n := n.(type) {
	case *ast.FuncLit:
		if refers(w.info, n.Body, w.v) {
			w.add(mention{kind: captured, pos: n.Pos()})
		}
	case *ast.AssignStmt:
		for _, e := range n.Rhs {
			w.walk(e)
		}
		for _, e := range n.Lhs {
			if w.isVar(e) {
				w.add(mention{kind: assigned, pos: e.Pos()})
			} else {
				w.walk(e)
			}
		}
	case *ast.ValueSpec:
		for _, e := range n.Values {
			w.walk(e)
		}
		for _, name := range n.Names {
			w.walk(name)
		}
	case *ast.DeferStmt:
		w.deferred = n.Call
		w.walk(n.Call)
	case *ast.CallExpr:
		w.call(n)
	case *ast.UnaryExpr:
		if n.Op == token.AND && w.isVar(n.X) {
			w.add(mention{kind: address, pos: n.Pos()})
		} else {
			w.walk(n.X)
		}
	case *ast.Ident:
		if w.info.Defs[n] == w.v {
			w.add(mention{kind: assigned, pos: n.Pos()})
		} else if w.info.Uses[n] == w.v {
			w.add(mention{kind: other, pos: n.Pos()})
		}
	default:
		ast.Inspect(n, func(c ast.Node) bool {
			if c == nil || c == n {
				return c != nil
			}
			w.walk(c)
			return false
		})
	}
}

func (w *mentionWalker) call(call *ast.CallExpr) {
	x, typ, method := rousetypes.Method(w.info, call)
	receiver := typ != "" && w.isVar(x)
	if typ == "RawTask" && (method == "ID" || method == "Snapshot") {
		if inner, ok := ast.Unparen(x).(*ast.CallExpr); ok {
			if y, t, m := rousetypes.Method(w.info, inner); t == "Notified" && m == "Task" && w.isVar(y) {
				receiver, method = true, "Task."+method
			}
		}
	}
	if !receiver {
		w.walk(call.Fun)
	}
	for i, a := range call.Args {
		e := ast.Unparen(a)
		if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
			e = u.X
		}
		if w.isVar(e) {
			w.add(mention{kind: argument, call: call, arg: i, pos: a.Pos(), deferred: call == w.deferred})
		} else {
			w.walk(a)
		}
	}
	if receiver {
		w.add(mention{kind: called, call: call, method: method, pos: call.Pos(), deferred: call == w.deferred})
	}
}

// isVar reports whether e is v, or *v or &v as the receiver of a method.
func (w *mentionWalker) isVar(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return w.info.ObjectOf(e) == w.v
	case *ast.StarExpr:
		return w.isVar(e.X)
	}
	return false
}

// refers reports whether n names v.
func refers(info *types.Info, n ast.Node, v types.Object) bool {
	if v == nil {
		return false
	}
	found := false
	ast.Inspect(n, func(c ast.Node) bool {
		if id, ok := c.(*ast.Ident); ok && info.Uses[id] == v {
			found = true
		}
		return !found
	})
	return found
}

// Pos and End make a mention a range to report at.
func (m mention) Pos() token.Pos { return m.pos }

func (m mention) End() token.Pos {
	if m.call != nil {
		return m.call.End()
	}
	return m.pos
}
