package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/cfg"
)

// A consumption follows one variable through one function.
type consumption struct {
	pass  *analysis.Pass
	notes *notes
	v     *types.Var
	typ   string
	told  map[token.Pos]bool
}

type effect uint8

const (
	nothing  effect = iota
	reads           // must not follow a consumption
	consumes        // neither; and is one
	resets          // what v holds afterwards is not known
)

func (c *consumption) effect(m mention) effect {
	switch m.kind {
	case called:
		switch {
		case verbs[c.typ].consume[m.method]:
			return consumes
		case verbs[c.typ].use[m.method]:
			return reads
		case m.method == "IsZero" || m.method == "CloneFrom":
			return resets
		}
	case argument:
		switch c.notes.argument(m.call, m.arg) {
		case takes:
			return consumes
		case unknown:
			if c.typ == "Notified" {
				return nothing // by value: the variable keeps what it has
			}
			return resets
		}
	case assigned, address:
		return resets
	}
	return nothing
}

// A state is what all paths to a point have in common.
type state struct {
	reached  bool
	consumed mention // pos is NoPos if v may be unconsumed
	deferred mention // a deferred call that consumes v at the end
}

func (s state) meet(o state) state {
	if !s.reached {
		return o
	}
	if !o.reached {
		return s
	}
	if !o.consumed.pos.IsValid() {
		s.consumed = mention{}
	}
	if !o.deferred.pos.IsValid() {
		s.deferred = mention{}
	}
	return s
}

// solve iterates to the greatest fixed point, then reports by one more pass.
func (c *consumption) solve(g *cfg.CFG) {
	if g == nil {
		return
	}
	in := make(map[*cfg.Block]state)
	in[g.Blocks[0]] = state{reached: true}
	for changed := true; changed; {
		changed = false
		for _, b := range g.Blocks {
			if !in[b].reached {
				continue
			}
			out := c.block(b, in[b], false)
			for _, next := range b.Succs {
				s := in[next].meet(out)
				if s.key() != in[next].key() {
					in[next], changed = s, true
				}
			}
		}
	}
	for _, b := range g.Blocks {
		if in[b].reached {
			c.block(b, in[b], true)
		}
	}
}

func (s state) key() [3]bool {
	return [3]bool{s.reached, s.consumed.pos.IsValid(), s.deferred.pos.IsValid()}
}

func (c *consumption) block(b *cfg.Block, s state, tell bool) state {
	for _, n := range b.Nodes {
		for _, m := range mentions(c.pass.TypesInfo, n, c.v) {
			e := c.effect(m)
			harmless := m.kind == called && m.method == "Move" // of a zero handle, which gives another
			if tell && (e == reads || e == consumes) && s.consumed.pos.IsValid() && !harmless {
				c.report(m, "%s is used after %s at line %d consumed it", s.consumed)
			}
			switch {
			case e == consumes && m.deferred:
				s.deferred = m
			case e == consumes:
				s.consumed = m
			case e == resets:
				s.consumed = mention{}
			}
		}
		_, end := n.(*ast.ReturnStmt)
		// To drop a Waker that is zero does nothing: a deferred Drop is for the other paths.
		again := s.deferred.pos.IsValid() && !(c.typ == "Waker" && s.deferred.method == "Drop")
		if end && tell && s.consumed.pos.IsValid() && again && !c.told[s.deferred.pos] {
			c.report(s.consumed, "%s is consumed here, and again by the deferred %s of line %d", s.deferred)
		}
	}
	return s
}

// report says at m what went wrong, naming the operation and the line of by.
func (c *consumption) report(m mention, format string, by mention) {
	if c.told[m.pos] {
		return
	}
	c.told[m.pos] = true
	op := by.method
	if by.kind == argument {
		op = calleeName(c.pass, by.call)
	}
	c.notes.reportf(c.pass, m, format, c.v.Name(), op, c.pass.Fset.Position(by.pos).Line)
}

// loops reports a waker that each turn of a loop consumes: by a statement of the
// loop's own body, when the variable is from outside and nothing in the loop assigns
// it, with no way out of the loop after it. A Notified is not zeroed, and may have
// come back from its queue.
func (c *consumption) loops(f *function) {
	if c.typ != "Waker" {
		return
	}
	ast.Inspect(f.body, func(n ast.Node) bool {
		var body *ast.BlockStmt
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ForStmt:
			body = n.Body
		case *ast.RangeStmt:
			body = n.Body
		}
		if body == nil || n.Pos() <= c.v.Pos() && c.v.Pos() < n.End() {
			return true
		}
		for _, m := range mentions(c.pass.TypesInfo, n, c.v) {
			if m.kind == captured || c.effect(m) == resets {
				return true
			}
		}
		for i, s := range body.List {
			expr, ok := s.(*ast.ExprStmt)
			if !ok || leaves(body.List[i:]) || !recurs(f.graph, expr) {
				continue
			}
			for _, m := range mentions(c.pass.TypesInfo, expr, c.v) {
				if c.effect(m) == consumes && !c.told[m.pos] {
					c.told[m.pos] = true
					c.notes.reportf(c.pass, m, "%s is consumed here by each turn of the loop", c.v.Name())
				}
			}
		}
		return true
	})
}

// leaves reports whether one of the statements may leave the loop around them.
func leaves(list []ast.Stmt) bool {
	found := false
	for _, s := range list {
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt:
				found = true
			case *ast.BranchStmt:
				found = found || n.Tok == token.BREAK || n.Tok == token.GOTO || n.Label != nil
			}
			return !found
		})
	}
	return found
}

// recurs reports whether control can come back to n: what follows it may never
// return.
func recurs(g *cfg.CFG, n ast.Node) bool {
	seen := make(map[*cfg.Block]bool)
	var reach func(b, to *cfg.Block) bool
	reach = func(b, to *cfg.Block) bool {
		for _, next := range b.Succs {
			if next == to || !seen[next] {
				seen[next] = true
				if next == to || reach(next, to) {
					return true
				}
			}
		}
		return false
	}
	for _, b := range g.Blocks {
		if slices.Contains(b.Nodes, n) {
			return b.Live && reach(b, b)
		}
	}
	return false
}
