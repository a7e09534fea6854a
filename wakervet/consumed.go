package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// Consumed reports the use of a variable after what consumed it, where every
// path to the use consumes: a use that only some path makes wrong may be guarded by
// a condition that goes with that path.
var Consumed = &analysis.Analyzer{
	Name: "wakerconsumed",
	Doc: `report the use of a waker, Notified or join handle after it was consumed

Wake, Drop, Move and IntoRaw consume a Waker; Run, Drop, and handing it to a
scheduler or queue consume a Notified; Detach consumes a JoinHandle. A use
thereafter panics, or runs a task that another goroutine may be running.`,
	URL:      url + "#Consumed",
	Run:      runConsumed,
	Requires: []*analysis.Analyzer{functions, Notes},
}

// verbs says, by type, which methods consume the receiver, and which others must
// not be called once it is consumed.
var verbs = map[string]struct{ consume, use map[string]bool }{
	"Waker": {
		consume: map[string]bool{"Wake": true, "Drop": true, "Move": true, "IntoRaw": true},
		use:     map[string]bool{"WakeByRef": true, "Clone": true, "Borrow": true},
	},
	"Notified": {
		consume: map[string]bool{"Run": true, "Drop": true},
		use:     map[string]bool{"Next": true, "SetNext": true},
	},
	"JoinHandle": {
		consume: map[string]bool{"Detach": true, "Move": true},
		use:     map[string]bool{"Join": true, "TryJoin": true, "Poll": true, "Abort": true},
	},
}

func runConsumed(pass *analysis.Pass) (any, error) {
	n := pass.ResultOf[Notes].(*notes)
	all := pass.ResultOf[functions].([]*function)
	writers := findWriters(n, all)
	for _, f := range all {
		for _, v := range consumedIn(pass, n, f) {
			if w := writers[v]; w.shared || w.f != nil && w.f != f {
				continue
			}
			c := &consumption{pass: pass, notes: n, v: v, typ: rousetypes.Base(v.Type()), told: make(map[token.Pos]bool)}
			c.solve(f.graph)
			c.loops(f)
		}
		borrowedConsumed(pass, n, f)
	}
	return nil, nil
}

// consumedIn returns the local variables and parameters that f itself consumes.
func consumedIn(pass *analysis.Pass, n *notes, f *function) []*types.Var {
	var found []*types.Var
	seen := make(map[*types.Var]bool)
	for _, b := range f.blocks() {
		for _, node := range b.Nodes {
			for _, v := range namedIn(pass, node) {
				if seen[v] {
					continue
				}
				c := &consumption{notes: n, typ: rousetypes.Base(v.Type())}
				for _, m := range mentions(pass.TypesInfo, node, v) {
					if c.effect(m) == consumes && !seen[v] {
						seen[v] = true
						found = append(found, v)
					}
				}
			}
		}
	}
	return found
}

// namedIn returns the variables of a consumable type that n names outside function
// literals. Fields and package variables may change between any two statements.
func namedIn(pass *analysis.Pass, n ast.Node) []*types.Var {
	var found []*types.Var
	ast.Inspect(n, func(c ast.Node) bool {
		if id, ok := c.(*ast.Ident); ok {
			v, ok := pass.TypesInfo.Uses[id].(*types.Var)
			if _, known := verbs[rousetypes.Base(pass.TypesInfo.TypeOf(id))]; ok && known && !v.IsField() && v.Parent() != pass.Pkg.Scope() {
				found = append(found, v)
			}
		}
		_, lit := c.(*ast.FuncLit)
		return !lit
	})
	return found
}

// A writer is the function that assigns a variable; shared if there are several, or
// if its address was given away: whoever has that may fill it again at any time.
type writer struct {
	f      *function
	shared bool
}

// findWriters finds the writers of all variables of consumable types, so that one
// which another function may fill again is left alone.
func findWriters(n *notes, all []*function) map[*types.Var]writer {
	info := n.info
	writers := make(map[*types.Var]writer)
	lent := make(map[ast.Expr]bool) // the addresses that a call gives back
	for _, f := range all {
		write := func(e ast.Expr, shared bool) {
			if s, ok := ast.Unparen(e).(*ast.StarExpr); ok {
				e = s.X
			}
			id, ok := ast.Unparen(e).(*ast.Ident)
			if !ok {
				return
			}
			v, ok := info.ObjectOf(id).(*types.Var)
			if !ok {
				return
			}
			w, again := writers[v]
			writers[v] = writer{f, shared || w.shared || again && w.f != f}
		}
		ast.Inspect(f.body, func(c ast.Node) bool {
			switch c := c.(type) {
			case *ast.FuncLit:
				return false
			case *ast.AssignStmt:
				for _, e := range c.Lhs {
					write(e, false)
				}
			case *ast.UnaryExpr:
				if c.Op == token.AND {
					write(c.X, !lent[c])
				}
			case *ast.CallExpr:
				if x, _, m := rousetypes.Method(info, c); m == "CloneFrom" {
					write(x, false)
				}
				for i, a := range c.Args {
					lent[ast.Unparen(a)] = n.argument(c, i) != unknown
				}
			}
			return true
		})
	}
	return writers
}

// borrowedConsumed reports where f consumes a parameter that it says it borrows.
func borrowedConsumed(pass *analysis.Pass, n *notes, f *function) {
	if f.obj == nil {
		return
	}
	for i := range f.sig.Params().Len() {
		v := f.sig.Params().At(i)
		c := &consumption{notes: n, typ: rousetypes.Base(v.Type())}
		if _, known := verbs[c.typ]; !known || n.param(f.obj, i) != borrows {
			continue
		}
		for _, b := range f.blocks() {
			for _, node := range b.Nodes {
				for _, m := range mentions(pass.TypesInfo, node, v) {
					if c.effect(m) == consumes {
						n.reportf(pass, m, "%s is consumed here, but annotated as borrowed", v.Name())
					}
				}
			}
		}
	}
}
