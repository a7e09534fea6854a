package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/cfg"
)

// A fork is a condition that a function may ask twice: a boolean variable, or
// the comparison of a variable with a constant or nil. Between two such
// questions without an assignment the answer is the same, and a path on which
// it differs does not exist.
type fork struct {
	v   *types.Var
	key string // of the condition, without its negations
	neg bool   // the condition is the negation of key
}

// answers are those given on a path, by key.
type answers map[string]answer

type answer struct {
	v   *types.Var
	yes bool
}

// String tells apart what is known on paths that reach the same block.
func (a answers) String() string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(a)) {
		b.WriteString(k)
		if a[k].yes {
			b.WriteString("=1;")
		} else {
			b.WriteString("=0;")
		}
	}
	return b.String()
}

// without returns a less what was known of the variables that n assigns to.
func (a answers) without(info *types.Info, n ast.Node) answers {
	if len(a) == 0 {
		return a
	}
	for v := range assignedIn(info, n) {
		for k, known := range a {
			if known.v == v {
				a = maps.Clone(a)
				delete(a, k)
			}
		}
	}
	return a
}

// with returns a and what the edge taken when cond has the given value tells.
// ok is false if that contradicts a.
func (a answers) with(info *types.Info, cond ast.Node, value bool, twice map[string]bool) (_ answers, ok bool) {
	e, isExpr := cond.(ast.Expr)
	if !isExpr {
		return a, true
	}
	f, ok := forkOf(info, e)
	if !ok {
		return a, true
	}
	yes := value != f.neg
	if known, ok := a[f.key]; ok {
		return a, known.yes == yes
	}
	if !twice[f.key] {
		return a, true
	}
	return a.and(f.key, answer{f.v, yes}), true
}

func (a answers) and(key string, is answer) answers {
	a = maps.Clone(a)
	if a == nil {
		a = answers{}
	}
	a[key] = is
	return a
}

// after returns what is known behind n: a less what was known of the variables that n
// assigns to, and the constants that it assigns to the boolean ones among local.
func (a answers) after(info *types.Info, n ast.Node, local map[*types.Var]bool) answers {
	a = a.without(info, n)
	s, ok := n.(*ast.AssignStmt)
	if !ok || len(s.Lhs) != len(s.Rhs) {
		return a
	}
	for i, e := range s.Lhs {
		id, isIdent := ast.Unparen(e).(*ast.Ident)
		if !isIdent {
			continue
		}
		v, _ := info.ObjectOf(id).(*types.Var)
		if isFalse, isTrue := constant(info, s.Rhs[i]); v != nil && local[v] && (isFalse || isTrue) {
			a = a.and(varKey(v), answer{v, isTrue})
		}
	}
	return a
}

func forkOf(info *types.Info, e ast.Expr) (f fork, ok bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ := info.Uses[e].(*types.Var)
		if v == nil || !isBool(v.Type()) {
			return f, false
		}
		return fork{v: v, key: varKey(v)}, true
	case *ast.UnaryExpr:
		f, ok = forkOf(info, e.X)
		f.neg = !f.neg
		return f, ok && e.Op == token.NOT
	case *ast.BinaryExpr:
		id, isIdent := ast.Unparen(e.X).(*ast.Ident)
		y := info.Types[e.Y]
		if !isIdent || e.Op != token.EQL && e.Op != token.NEQ || y.Value == nil && !y.IsNil() {
			return f, false
		}
		v, _ := info.Uses[id].(*types.Var)
		if v == nil {
			return f, false
		}
		key := varKey(v) + "==" + types.ExprString(e.Y)
		return fork{v: v, key: key, neg: e.Op == token.NEQ}, true
	}
	return f, false
}

// varKey tells variables of one name apart by where they are declared.
func varKey(v *types.Var) string { return v.Name() + "@" + strconv.Itoa(int(v.Pos())) }

// assignedIn returns the variables that n gives another value.
func assignedIn(info *types.Info, n ast.Node) map[*types.Var]bool {
	vars := make(map[*types.Var]bool)
	add := func(e ast.Expr) {
		if id, ok := ast.Unparen(e).(*ast.Ident); ok {
			if v, ok := info.ObjectOf(id).(*types.Var); ok {
				vars[v] = true
			}
		}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				add(e)
			}
		case *ast.IncDecStmt:
			add(n.X)
		case *ast.RangeStmt:
			add(n.Key)
			add(n.Value)
		case *ast.Ident: // go/cfg gives the variables of a range alone
			if v, ok := info.Defs[n].(*types.Var); ok {
				vars[v] = true
			}
		}
		return true
	})
	return vars
}

// askedTwice returns the keys of the conditions that g asks more than once, of
// variables whose every assignment it sees.
func askedTwice(info *types.Info, g *cfg.CFG) map[string]bool {
	local := localsOf(info, g)
	once, twice := make(map[string]bool), make(map[string]bool)
	for _, b := range g.Blocks {
		if len(b.Succs) != 2 || len(b.Nodes) == 0 {
			continue
		}
		e, ok := b.Nodes[len(b.Nodes)-1].(ast.Expr)
		if !ok {
			continue
		}
		if f, ok := forkOf(info, e); ok && local[f.v] {
			twice[f.key] = once[f.key]
			once[f.key] = true
		}
	}
	return twice
}

// localsOf returns the variables that only g's own statements can change: those
// declared in the function, whose address is not taken, and to which no function
// literal assigns.
func localsOf(info *types.Info, g *cfg.CFG) map[*types.Var]bool {
	local, open := make(map[*types.Var]bool), make(map[*types.Var]bool)
	for _, b := range g.Blocks {
		for _, n := range b.Nodes {
			maps.Copy(local, assignedIn(info, n))
			ast.Inspect(n, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncLit:
					maps.Copy(open, assignedIn(info, n.Body))
				case *ast.UnaryExpr:
					if id, ok := ast.Unparen(n.X).(*ast.Ident); ok && n.Op == token.AND {
						if v, ok := info.Uses[id].(*types.Var); ok {
							open[v] = true
						}
					}
				case *ast.Ident:
					if v, ok := info.Uses[n].(*types.Var); ok && !v.IsField() && v.Parent() != nil && v.Parent() != v.Pkg().Scope() {
						local[v] = true // a parameter that is only read
					}
				}
				return true
			})
		}
	}
	for v := range open {
		delete(local, v)
	}
	return local
}
