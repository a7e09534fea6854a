package wakervet

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// Lost reports a Notified that is dropped on the floor: its task is notified for
// ever and never runs again, and its joiner waits for ever.
var Lost = &analysis.Analyzer{
	Name: "notifiedlost",
	Doc: `report a Notified that is neither run, dropped nor queued

A Notified must be run or dropped exactly once. Reported are a Schedule or Yield
that forgets its argument on some path, a popped or initial Notified forgotten on
some path, and a call whose Notified is discarded.`,
	URL:      url + "#Lost",
	Run:      runLost,
	Requires: []*analysis.Analyzer{functions, Notes},
}

func runLost(pass *analysis.Pass) (any, error) {
	n := pass.ResultOf[Notes].(*notes)
	gives := func(call *ast.CallExpr) string { return givesNotified(pass.TypesInfo, call) }
	discharges := func(m mention) bool { return n.dischargesNotified(m) }
	for _, f := range pass.ResultOf[functions].([]*function) {
		lostResults(pass, n, f)
		all := append(duties(pass, f, gives), taken(n, f, "Notified")...)
		if f.role&scheduler != 0 {
			all = append(all, lostParam(pass, n, f)...)
		}
		for _, d := range all {
			end := forgotten(pass.TypesInfo, f.graph, d, discharges)
			if !end.IsValid() {
				continue
			}
			line := pass.Fset.Position(end).Line
			what := "the Notified %s is not run, dropped or queued, on a path to the return at line %d"
			if d.def != nil && d.def.Pos() == end {
				what = "the Notified %s is not run, dropped or queued before line %d defines the next"
			}
			n.reportVar(pass, d.v, what, d.v.Name(), line)
		}
	}
	return nil, nil
}

// lostParam returns the Notified of a scheduler's method as a duty, and reports
// one that has no name.
func lostParam(pass *analysis.Pass, n *notes, f *function) []duty {
	i := paramOf(f.sig, "Notified")
	if i < 0 || f.graph == nil || f.obj != nil && n.param(f.obj, i) != unknown {
		return nil
	}
	v, name := f.param(i)
	if name != nil {
		return []duty{{v: v}}
	}
	if !f.graph.NoReturn() {
		n.reportf(pass, f.typ, "a scheduler must run, drop or queue its Notified, which has no name here")
	}
	return nil
}

// lostResults reports calls in f whose Notified is discarded: the call is a
// statement, or the Notified of several results is blank. A blank alone is the
// explicit way to say so.
func lostResults(pass *analysis.Pass, n *notes, f *function) {
	for _, b := range f.blocks() {
		for _, node := range b.Nodes {
			switch s := node.(type) {
			case *ast.ExprStmt:
				if call, ok := ast.Unparen(s.X).(*ast.CallExpr); ok && givesNotified(pass.TypesInfo, call) != "" {
					n.reportf(pass, call, "the Notified that %s returns is discarded: its task never runs again", calleeName(pass, call))
				}
			case *ast.AssignStmt:
				if len(s.Rhs) != 1 || len(s.Lhs) < 2 {
					continue
				}
				call, ok := ast.Unparen(s.Rhs[0]).(*ast.CallExpr)
				if !ok || givesNotified(pass.TypesInfo, call) == "" {
					continue
				}
				if id, ok := s.Lhs[0].(*ast.Ident); ok && id.Name == "_" {
					n.reportf(pass, id, "the Notified that %s returns is discarded: its task never runs again", calleeName(pass, call))
				}
			}
		}
	}
}

func calleeName(pass *analysis.Pass, call *ast.CallExpr) string {
	if fn := rousetypes.Callee(pass.TypesInfo, call); fn != nil {
		return fn.Name()
	}
	return types.ExprString(call.Fun)
}

// dischargesNotified reports whether the mention of a Notified may run, drop or
// keep it.
func (n *notes) dischargesNotified(m mention) bool {
	switch m.kind {
	case called:
		switch m.method {
		case "Next", "SetNext", "Task.ID", "Task.Snapshot":
			return false
		}
	case argument:
		return n.argument(m.call, m.arg) != borrows
	}
	return true
}
