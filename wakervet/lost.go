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
	for _, f := range pass.ResultOf[functions].([]*function) {
		lostResults(pass, n, f)
		all := append(duties(pass, f, gives), taken(n, f, "Notified")...)
		if f.role&scheduler != 0 {
			all = append(all, lostParam(pass, n, f)...)
		}
		for _, d := range all {
			end := forgotten(pass.TypesInfo, f.graph, d, n.dischargesNotified)
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
// one that has no name. A test may have an empty one, of a task that nobody wakes.
func lostParam(pass *analysis.Pass, n *notes, f *function) []duty {
	i := paramOf(f.sig, "Notified")
	if i < 0 || f.graph == nil || f.obj != nil && n.param(f.obj, i) != unknown || f.test && len(f.body.List) == 0 {
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
// statement, or the Notified of two results is blank and there is a path on which
// there was one. A blank alone is the explicit way to say so.
func lostResults(pass *analysis.Pass, n *notes, f *function) {
	const what = "the Notified that %s returns is discarded: its task never runs again"
	for _, b := range f.blocks() {
		for _, node := range b.Nodes {
			switch s := node.(type) {
			case *ast.ExprStmt:
				call, ok := ast.Unparen(s.X).(*ast.CallExpr)
				if ok && givesNotified(pass.TypesInfo, call) != "" && !f.probes() {
					n.reportf(pass, call, what, calleeName(pass, call))
				}
			case *ast.AssignStmt:
				if len(s.Rhs) != 1 || len(s.Lhs) != 2 || f.test {
					continue
				}
				call, ok := ast.Unparen(s.Rhs[0]).(*ast.CallExpr)
				id, blank := s.Lhs[0].(*ast.Ident)
				if !ok || !blank || id.Name != "_" || givesNotified(pass.TypesInfo, call) == "" {
					continue
				}
				guard, ok := guardOf(pass.TypesInfo, s.Lhs)
				d := duty{v: types.NewVar(id.Pos(), pass.Pkg, "_", nil), def: s, guard: guard}
				if ok && forgotten(pass.TypesInfo, f.graph, d, n.dischargesNotified).IsValid() {
					n.reportf(pass, id, what, calleeName(pass, call))
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
