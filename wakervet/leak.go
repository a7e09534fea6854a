package wakervet

import (
	"go/ast"

	"golang.org/x/tools/go/analysis"
)

// Leak reports an owned waker that a path through its function forgets. Like
// lostcancel of go vet it asks whether some path from the definition to a return
// has no use of the variable; but to borrow the waker, or to wake by it without
// consuming, is no use that discharges it.
var Leak = &analysis.Analyzer{
	Name: "wakerleak",
	Doc: `report owned wakers that are neither woken, dropped, stored nor passed on

A Waker forgotten keeps its task from being released, and hides that nobody can
wake it. Every path must consume it: Wake, Drop, Move, store or hand it on.`,
	URL:      url + "#Leak",
	Run:      runLeak,
	Requires: []*analysis.Analyzer{functions, Notes},
}

func runLeak(pass *analysis.Pass) (any, error) {
	n := pass.ResultOf[Notes].(*notes)
	gives := func(call *ast.CallExpr) string { return givesWaker(pass.TypesInfo, call) }
	for _, f := range pass.ResultOf[functions].([]*function) {
		all := append(duties(pass, f, gives), taken(n, f, "Waker")...)
		for _, d := range all {
			end := forgotten(pass.TypesInfo, f.graph, d, n.dischargesWaker)
			if !end.IsValid() {
				continue
			}
			line := pass.Fset.Position(end).Line
			what := "the waker %s is not woken, dropped or passed on, on a path to the return at line %d"
			if d.def != nil && d.def.Pos() == end {
				what = "the waker %s is not woken, dropped or passed on before line %d defines the next"
			}
			n.reportVar(pass, d.v, what, d.v.Name(), line)
		}
	}
	return nil, nil
}

// dischargesWaker reports whether the mention of a waker may consume or keep it.
func (n *notes) dischargesWaker(m mention) bool {
	switch m.kind {
	case called:
		switch m.method {
		case "WakeByRef", "Clone", "Borrow", "WillWake", "CloneFrom":
			return false
		}
	case argument:
		return n.argument(m.call, m.arg) != borrows
	}
	return true
}
