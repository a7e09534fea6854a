package wakervet

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/cfg"
)

// StateRun reports a run or a notification of a State that a path through its
// function forgets, or gives up twice.
var StateRun = &analysis.Analyzer{
	Name: "staterun",
	Doc: `report a run or notification of a State that is forgotten or given up twice

Begin starts a run, which End, Yield or Finish gives up, once, on every path. If
Begin reports false, or Close true, only Finish is left; it gives up the run if it
reports true, and is called again if it reports false. If Notify, Resume or End reports true, and after a Yield, the caller owns the notification: it begins again, or has
somebody else do it.`,
	URL:      url + "#StateRun",
	Run:      runStateRun,
	Requires: []*analysis.Analyzer{functions, Notes},
}

func runStateRun(pass *analysis.Pass) (any, error) {
	all := pass.ResultOf[functions].([]*function)
	if len(all) == 0 {
		return nil, nil
	}
	l := newLevel0(pass.TypesInfo, all)
	n := pass.ResultOf[Notes].(*notes)
	for _, f := range all {
		verbs := l.verbsIn(f)
		for _, p := range places(verbs) {
			r := &stateRun{l, n, pass, f, p, has(verbs, p)}
			r.twice()
			r.paths()
			r.recovered()
		}
	}
	return nil, nil
}

// A stateRun is one State in one function.
type stateRun struct {
	*level0
	notes *notes
	pass  *analysis.Pass
	f     *function
	p     place
	calls map[string]bool // the verbs of p that f calls itself
}

// paths starts a search behind each verb that leaves a duty.
func (r *stateRun) paths() {
	for _, b := range r.f.blocks() {
		for i, n := range b.Nodes {
			if s, ok := n.(*ast.ExprStmt); ok {
				if v, ok := r.verb(s.X); ok && v.name == "Yield" && v.p == r.p && (r.calls["End"] || r.calls["Finish"]) {
					r.handOn(v, b, i+1, "after the Yield")
				}
			}
		}
		if len(b.Succs) != 2 || len(b.Nodes) == 0 {
			continue
		}
		cond, isExpr := b.Nodes[len(b.Nodes)-1].(ast.Expr)
		if !isExpr {
			continue
		}
		yes, no := b.Succs[0], b.Succs[1]
		if and, ok := ast.Unparen(cond).(*ast.BinaryExpr); ok && and.Op == token.LAND {
			// The verb may have reported true, and the rest be false.
			if v, negated := r.condition(and.X); v != nil && !negated && v.p == r.p {
				r.reported(*v, yes)
				r.reported(*v, no)
			}
			continue
		}
		v, negated := r.condition(cond)
		if v == nil || v.p != r.p {
			continue
		}
		if negated {
			yes, no = no, yes
		}
		r.reported(*v, yes)
		if v.name == "Begin" && calls(r.info, r.all, v.holder, "State", []string{"Close", "CheckOrphans"}) {
			r.finish(*v, no, "Begin reported false")
		}
		if v.name == "Finish" {
			r.finish(*v, no, "Finish reported false")
		}
	}
}

// reported starts a search where v may have reported true.
func (r *stateRun) reported(v verbCall, b *cfg.Block) {
	switch v.name {
	case "Notify", "Resume", "End", "Yield":
		if calls(r.info, r.all, v.holder, "State", []string{"Begin"}) {
			r.handOn(v, b, 0, v.name+" reported true")
		}
	case "Close":
		r.finish(v, b, "Close reported true")
	case "Begin":
		r.giveUp(v, b)
	}
}

// handOn reports a path on which nothing at all is done that could have the
// notification begun. What returns a value may tell its caller.
func (r *stateRun) handOn(v verbCall, b *cfg.Block, i int, when string) {
	if r.f.sig.Results().Len() > 0 || r.defers(func(ast.Node) bool { return true }) {
		return
	}
	r.search(v, b, i, func(n ast.Node) bool { return r.handsOn(n) },
		when+": this caller owns the notification, and must begin again or have it begun, but does neither on a path to the return at line %d")
}

// finish reports a path on which the run of a closed state is not finished.
func (r *stateRun) finish(v verbCall, b *cfg.Block, when string) {
	if tells(r.f.sig) || r.defers(r.discharges) {
		return
	}
	r.search(v, b, 0, r.discharges,
		when+": this caller holds the run and must call Finish, but does not on a path to the return at line %d")
}

// giveUp reports a path on which the run is kept, in a function that gives it up on
// another: one that never does leaves that to somebody else.
func (r *stateRun) giveUp(v verbCall, b *cfg.Block) {
	if tells(r.f.sig) || !r.calls["End"] && !r.calls["Yield"] || r.defers(r.discharges) {
		return
	}
	r.search(v, b, 0, r.discharges,
		"the run that begins here is not given up, by End, Yield or Finish, on a path to the return at line %d")
}

func (r *stateRun) search(v verbCall, b *cfg.Block, i int, discharges func(ast.Node) bool, message string) {
	s := newSearch(r.info, r.f.graph)
	s.node = func(b *cfg.Block, i int) verdict {
		if discharges(b.Nodes[i]) {
			return inOrder
		}
		return goesOn
	}
	if end := s.from(b, i); end.IsValid() {
		r.notes.reportf(r.pass, v.call, message, r.pass.Fset.Position(end).Line)
	}
}

// defers reports whether f defers something for which match holds.
func (r *stateRun) defers(match func(ast.Node) bool) bool {
	found := false
	ast.Inspect(r.f.body, func(n ast.Node) bool {
		if d, ok := n.(*ast.DeferStmt); ok {
			found = found || match(d)
		}
		_, lit := n.(*ast.FuncLit)
		return !lit && !found
	})
	return found
}

// recovered reports a deferred recover that swallows what a handler raised and
// leaves the state running.
func (r *stateRun) recovered() {
	if !r.calls["Begin"] || r.defers(r.discharges) {
		return
	}
	r.defers(func(n ast.Node) bool {
		var recovers *ast.CallExpr
		raises := false
		anywhere(n, func(call *ast.CallExpr) {
			switch builtinName(r.info, call) {
			case "recover":
				recovers = call
			case "panic":
				raises = true
			}
		})
		if recovers != nil && !raises {
			r.notes.reportf(r.pass, recovers,
				"a panic between Begin and End ends here with the state still running, so that it never runs again: give the run up, by End, Yield or Finish")
		}
		return false
	})
}
