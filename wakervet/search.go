package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/cfg"
)

// A verdict is what a search makes of a node on its path.
type verdict uint8

const (
	goesOn  verdict = iota
	inOrder         // nothing is missing on this path
	ends            // the path ends here, and something is missing
)

// A search looks for a path to a return on which something that is due is missing.
type search struct {
	info  *types.Info
	twice map[string]bool
	local map[*types.Var]bool
	node  func(b *cfg.Block, i int) verdict
	edge  func(cond ast.Node, value bool) bool // whether a path may take it
	seen  map[point]bool
}

// A point is a block, and what is known on the way to it.
type point struct {
	b     *cfg.Block
	known string
}

func newSearch(info *types.Info, g *cfg.CFG) *search {
	return &search{
		info:  info,
		twice: askedTwice(info, g),
		local: localsOf(info, g),
		edge:  func(ast.Node, bool) bool { return true },
		seen:  make(map[point]bool),
	}
}

// from returns where such a path from the node at index i of b ends, or NoPos.
func (s *search) from(b *cfg.Block, i int) token.Pos { return s.visit(b, i, nil) }

func (s *search) visit(b *cfg.Block, from int, known answers) token.Pos {
	for i := from; i < len(b.Nodes); i++ {
		n := b.Nodes[i]
		known = known.after(s.info, n, s.local)
		switch s.node(b, i) {
		case inOrder:
			return token.NoPos
		case ends:
			return n.Pos()
		}
		if ret, ok := n.(*ast.ReturnStmt); ok {
			return ret.Pos()
		}
	}
	for i, next := range b.Succs {
		then := known
		if len(b.Succs) == 2 && len(b.Nodes) > 0 {
			cond, exists := b.Nodes[len(b.Nodes)-1], false
			if then, exists = known.with(s.info, cond, i == 0, s.twice); !exists || !s.edge(cond, i == 0) {
				continue
			}
		}
		at := point{next, then.String()}
		if s.seen[at] {
			continue
		}
		s.seen[at] = true
		if end := s.visit(next, 0, then); end.IsValid() {
			return end
		}
	}
	return token.NoPos
}
