package explore

import (
	"bytes"
	"regexp"
)

// explain looks for a simpler schedule with the failure just found, and runs it with a trace.
func (e *engine) explain() *Failure {
	found := e.failure
	rep := e.rep
	choices := append([]uint8(nil), e.choices...)
	if _, ok := e.search.(*dfs); ok {
		if simple := e.simplify(found, choices); simple != nil {
			choices = simple
		}
	}
	e.search = &script{e: e, choices: choices}
	e.trace = &tracer{e: e}
	e.execute()
	e.rep = rep
	f := e.failure
	if f == nil || !f.like(found) || !bytes.Equal(e.choices, choices) {
		found.Message += " (the scenario is not deterministic: the same schedule did not fail in this way again)"
		f = found
	}
	f.Token = formatToken(choices)
	f.Steps = e.trace.rows
	f.Table = e.trace.table()
	return f
}

// simplify searches the schedules with no preemption, then with one, and so on, for one that
// fails in the same way. A reader has as many turns to follow as there are preemptions.
func (e *engine) simplify(found *Failure, choices []uint8) []uint8 {
	const tries = 5000
	cfg := e.cfg
	defer func() { e.cfg = cfg }()
	e.cfg.NoCache = false
	trial := &script{e: e, choices: choices}
	e.search = trial
	e.execute()
	for bound := 0; bound < trial.preemptions; bound++ {
		e.cfg.Preemptions = bound
		if bound == 0 {
			e.cfg.Preemptions = -1
		}
		d := &dfs{e: e}
		e.search = d
		for n := 0; n < tries; n++ {
			e.execute()
			if e.failure != nil && e.failure.like(found) {
				return append([]uint8(nil), e.choices...)
			}
			if !d.over() {
				break
			}
		}
	}
	return nil
}

var autoLabel = regexp.MustCompile(`[a-z]+#\d+`)

// like compares failures of two executions, in which automatic labels differ.
func (f *Failure) like(g *Failure) bool {
	bare := func(s string) string { return autoLabel.ReplaceAllString(s, "") }
	return f.Thread == g.Thread && (f.Race == nil) == (g.Race == nil) && bare(f.Message) == bare(g.Message)
}
