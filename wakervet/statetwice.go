package wakervet

import (
	"go/ast"
	"slices"

	"golang.org/x/tools/go/cfg"
)

// A given is what all paths to a point have in common: the verb that gave up the
// run, and a deferred one that will.
type given struct {
	reached         bool
	gave, postponed *ast.CallExpr
}

func (s given) meet(o given) given {
	switch {
	case !s.reached:
		return o
	case !o.reached:
		return s
	}
	if o.gave == nil {
		s.gave = nil
	}
	if o.postponed == nil {
		s.postponed = nil
	}
	return s
}

func (s given) key() [3]bool { return [3]bool{s.reached, s.gave != nil, s.postponed != nil} }

// twice reports a run that is given up again, where every path to it gave it up.
func (r *stateRun) twice() {
	if !r.calls["End"] && !r.calls["Yield"] && !r.calls["Finish"] {
		return
	}
	g := r.f.graph
	in := map[*cfg.Block]given{g.Blocks[0]: {reached: true}}
	for changed := true; changed; {
		changed = false
		for _, b := range g.Blocks {
			if !in[b].reached {
				continue
			}
			out := r.block(b, in[b], false)
			for i, next := range b.Succs {
				out := out
				if i == r.unfinished(b) {
					out.gave = nil
				}
				if s := in[next].meet(out); s.key() != in[next].key() {
					in[next], changed = s, true
				}
			}
		}
	}
	for _, b := range g.Blocks {
		if in[b].reached {
			r.block(b, in[b], true)
		}
	}
}

// unfinished returns which successor of b is taken if a Finish has reported false,
// and the run is held still; or -1.
func (r *stateRun) unfinished(b *cfg.Block) int {
	if len(b.Succs) != 2 || len(b.Nodes) == 0 {
		return -1
	}
	cond, isExpr := b.Nodes[len(b.Nodes)-1].(ast.Expr)
	if !isExpr {
		return -1
	}
	v, negated := r.condition(cond)
	switch {
	case v == nil || v.name != "Finish" || v.p != r.p:
		return -1
	case negated:
		return 0
	}
	return 1
}

func (r *stateRun) block(b *cfg.Block, s given, tell bool) given {
	for _, n := range b.Nodes {
		switch n := n.(type) {
		case *ast.DeferStmt:
			if v, ok := r.verb(n.Call); ok && v.p == r.p && slices.Contains(gives, v.name) {
				s.postponed = n.Call
			}
			continue
		case *ast.GoStmt: // whatever it does it does for itself
			continue
		case *ast.ReturnStmt:
			if s.gave != nil && s.postponed != nil && tell {
				r.again(s.gave, "given up here, and again by the deferred %s of line %d", s.postponed)
			}
		}
		mayStart := r.passes(n, r.takers, func(v verbCall) bool { return slices.Contains(starts, v.name) })
		if mayStart {
			s.gave = nil
		}
		ast.Inspect(n, func(c ast.Node) bool {
			if v, ok := r.verb(c); ok && v.p == r.p && slices.Contains(gives, v.name) {
				if s.gave != nil && tell {
					r.again(v.call, "given up here, but %s at line %d gave it up before", s.gave)
				}
				s.gave = v.call
			}
			_, lit := c.(*ast.FuncLit)
			return !lit
		})
		if mayStart { // which came first is not known
			s.gave = nil
		}
	}
	return s
}

func (r *stateRun) again(at *ast.CallExpr, format string, by *ast.CallExpr) {
	v, _ := r.verb(by)
	r.notes.reportf(r.pass, at, "the run is "+format, v.name, r.pass.Fset.Position(by.Pos()).Line)
}
