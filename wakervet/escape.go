package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// Escape reports a borrowed waker that outlives the call it was lent for.
var Escape = &analysis.Analyzer{
	Name: "refescape",
	Doc: `report a WakerRef or Context kept beyond its poll

A WakerRef or Context parameter is valid until the function returns. Reported is
one that is stored in memory that outlives the call, sent, given to a goroutine or
a callback, or returned as output of a poll. Store a Clone of the waker instead.`,
	URL:      url + "#Escape",
	Run:      runEscape,
	Requires: []*analysis.Analyzer{functions, Notes},
}

type escapes struct {
	*taint
	pass  *analysis.Pass
	top   *function
	waits token.Pos // the last place where top waits for others
}

func runEscape(pass *analysis.Pass) (any, error) {
	n := pass.ResultOf[Notes].(*notes)
	all := pass.ResultOf[functions].([]*function)
	groups := make(map[*function][]*function)
	for _, f := range all {
		top := f
		for top.outer != nil {
			top = top.outer
		}
		groups[top] = append(groups[top], f)
	}
	for _, f := range all {
		if funcs := groups[f]; len(funcs) > 0 {
			e := &escapes{taint: newTaint(pass.TypesInfo, n, funcs), pass: pass, top: f}
			if len(e.source) > 0 {
				e.waits = lastWait(f.body)
				ast.Inspect(f.node, e.visit)
				e.outputs()
			}
		}
	}
	return nil, nil
}

func (e *escapes) visit(c ast.Node) bool {
	switch c := c.(type) {
	case *ast.AssignStmt:
		for i, lhs := range c.Lhs {
			rhs := c.Rhs[min(i, len(c.Rhs)-1)]
			if f := e.carried(rhs); f != nil {
				e.store(lhs, f)
			}
		}
	case *ast.SendStmt:
		if e.carried(c.Value) != nil && c.Pos() > e.waits {
			e.report(c.Value, "sent on a channel")
		}
	case *ast.GoStmt:
		if c.Pos() > e.waits {
			e.call(c.Call, "used by a goroutine", true)
		}
	case *ast.CallExpr:
		if how := keeper(e.info, c); how != "" {
			if how != "used by a goroutine" || c.Pos() > e.waits {
				e.call(c, how, false)
			}
			return true
		}
		for i, a := range c.Args {
			if e.notes.argument(c, i) == takes && e.carried(a) != nil {
				e.report(a, "given to a function that keeps it")
			}
		}
	}
	return true
}

// store reports an assignment to lhs of what f borrowed, if lhs outlives the call
// and is not assigned anything else here: then it is restored before f returns.
func (e *escapes) store(lhs ast.Expr, f *function) {
	v, through := e.root(lhs)
	if v == nil || v.Name() == "_" {
		return
	}
	switch {
	case v.Parent() != nil && v.Pkg() != nil && v.Parent() == v.Pkg().Scope():
	case !e.within(v, f):
	case through && e.heap[v]:
	default:
		return
	}
	if !e.restored(lhs) {
		e.report(lhs, "stored in "+types.ExprString(lhs)+", which outlives the call")
	}
}

// restored reports whether the function assigns a value that was not borrowed to
// what lhs denotes, later or in a deferred call.
func (e *escapes) restored(lhs ast.Expr) bool {
	obj := denoted(e.info, lhs)
	if obj == nil {
		return false
	}
	found := false
	var visit func(c ast.Node, deferred bool)
	visit = func(c ast.Node, deferred bool) {
		ast.Inspect(c, func(c ast.Node) bool {
			switch c := c.(type) {
			case *ast.DeferStmt:
				visit(c.Call, true)
				return false
			case *ast.AssignStmt:
				for i, l := range c.Lhs {
					if (deferred || c.Pos() > lhs.Pos()) && denoted(e.info, l) == obj &&
						e.carried(c.Rhs[min(i, len(c.Rhs)-1)]) == nil {
						found = true
					}
				}
			}
			return !found
		})
	}
	visit(e.top.node, false)
	return found
}

// denoted returns the variable or field that e names; nil for an element.
func denoted(info *types.Info, e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return info.ObjectOf(e)
	case *ast.SelectorExpr:
		return info.Uses[e.Sel]
	}
	return nil
}

// call reports the arguments of call, and with fun also what it calls, that carry
// a borrowed waker.
func (e *escapes) call(call *ast.CallExpr, how string, fun bool) {
	if fun && e.carried(call.Fun) != nil {
		e.report(call.Fun, how)
		return
	}
	for _, a := range call.Args {
		if e.carried(a) != nil {
			e.report(a, how)
			return
		}
	}
}

// outputs reports the results of polls.
func (e *escapes) outputs() {
	for _, f := range e.funcs {
		if f.role&poll == 0 {
			continue
		}
		for _, b := range f.blocks() {
			if ret := b.Return(); ret != nil {
				for _, r := range ret.Results {
					if e.carried(r) != nil {
						e.report(r, "returned as output of the poll")
					}
				}
			}
		}
	}
}

func (e *escapes) report(at ast.Expr, how string) {
	what := "borrowed waker"
	switch rousetypes.Name(e.info.TypeOf(at)) {
	case "Context":
		what = "Context"
	case "WakerRef":
		what = "WakerRef"
	}
	e.notes.reportf(e.pass, at, "a %s is %s; keep a Clone of the waker", what, how)
}
