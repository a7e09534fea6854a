package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// level0 knows what the functions of a package do with States.
type level0 struct {
	info   *types.Info
	all    []*function
	givers map[*types.Func]bool // may come to call End, Yield or Finish
	takers map[*types.Func]bool // may come to call Begin or Close
	own    map[*types.Func]bool // have a body in this package
}

// A verbCall is the call of one of State's verbs.
type verbCall struct {
	call   *ast.CallExpr
	name   string
	p      place
	holder *types.Var
}

var (
	gives  = []string{"End", "Yield", "Finish"}
	starts = []string{"Begin", "Close"}
)

func newLevel0(info *types.Info, all []*function) *level0 {
	l := &level0{info: info, all: all, own: make(map[*types.Func]bool)}
	for _, f := range all {
		if f.obj != nil {
			l.own[f.obj] = true
		}
	}
	l.givers = l.naming(func(f *function) bool { return l.calls(f, gives) || l.givesAway(f) })
	l.takers = l.naming(func(f *function) bool { return l.calls(f, starts) || l.givesAway(f) })
	return l
}

// calls reports whether f, or a literal in it, calls one of verbs.
func (l *level0) calls(f *function, verbs []string) bool {
	found := false
	anywhere(f.body, func(call *ast.CallExpr) {
		_, typ, m := rousetypes.Method(l.info, call)
		found = found || typ == "State" && slices.Contains(verbs, m)
	})
	return found
}

// givesAway reports whether f gives its receiver to somebody: uses it as a whole, but
// for calling its methods, and those of this package.
func (l *level0) givesAway(f *function) bool {
	recv := f.sig.Recv()
	if recv == nil {
		return false
	}
	all, selected := 0, 0
	ast.Inspect(f.body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if l.info.Uses[n] == recv {
				all++
			}
		case *ast.SelectorExpr:
			if s := l.info.Selections[n]; s != nil && isRecv(l.info, n.X, recv) {
				fn, isMethod := s.Obj().(*types.Func)
				if !isMethod || l.own[fn.Origin()] || inKit(fn) {
					selected++
				}
			}
		}
		return true
	})
	return all > selected
}

// naming returns the declared functions for which match holds, and those that name one
// of them.
func (l *level0) naming(match func(*function) bool) map[*types.Func]bool {
	found := make(map[*types.Func]bool)
	by := make(map[*types.Func][]*types.Func)
	var work []*types.Func
	for _, f := range l.all {
		if f.obj == nil {
			continue
		}
		if match(f) {
			found[f.obj] = true
			work = append(work, f.obj)
		}
		ast.Inspect(f.body, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if fn, ok := l.info.Uses[id].(*types.Func); ok {
					by[fn.Origin()] = append(by[fn.Origin()], f.obj)
				}
			}
			return true
		})
	}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		for _, caller := range by[fn] {
			if !found[caller] {
				found[caller] = true
				work = append(work, caller)
			}
		}
	}
	return found
}

// verb returns the verb that e calls.
func (l *level0) verb(e ast.Node) (verbCall, bool) {
	expr, ok := e.(ast.Expr)
	if !ok {
		return verbCall{}, false
	}
	call, ok := ast.Unparen(expr).(*ast.CallExpr)
	if !ok {
		return verbCall{}, false
	}
	_, typ, m := rousetypes.Method(l.info, call)
	if typ != "State" || m != "Notify" && m != "Resume" && !slices.Contains(gives, m) && !slices.Contains(starts, m) {
		return verbCall{}, false
	}
	p, ok := receiverPlace(l.info, call)
	return verbCall{call, m, p, holder(l.info, call)}, ok
}

// condition returns the verb whose result e is, and whether it is negated.
func (l *level0) condition(e ast.Expr) (v *verbCall, negated bool) {
	e = ast.Unparen(e)
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.NOT {
		v, negated = l.condition(u.X)
		return v, !negated
	}
	if call, ok := l.verb(e); ok {
		return &call, false
	}
	return nil, false
}

// verbsIn returns the verbs that f calls itself.
func (l *level0) verbsIn(f *function) []verbCall {
	var found []verbCall
	for _, b := range f.blocks() {
		for _, n := range b.Nodes {
			ast.Inspect(n, func(c ast.Node) bool {
				if v, ok := l.verb(c); ok {
					found = append(found, v)
				}
				_, lit := c.(*ast.FuncLit)
				return !lit
			})
		}
	}
	return found
}

func places(verbs []verbCall) []place {
	var found []place
	for _, v := range verbs {
		if !slices.Contains(found, v.p) {
			found = append(found, v.p)
		}
	}
	return found
}

func has(verbs []verbCall, p place) map[string]bool {
	found := make(map[string]bool)
	for _, v := range verbs {
		if v.p == p {
			found[v.name] = true
		}
	}
	return found
}

// discharges reports whether n may give up the run of r's state: by a verb, by a
// function that does, or by handing the state, or what it stands in, to others.
func (r *stateRun) discharges(n ast.Node) bool {
	return r.passes(n, r.givers, func(v verbCall) bool { return slices.Contains(gives, v.name) })
}

// passes reports whether n calls a verb for which match holds or one of funcs, or
// hands on r's state.
func (r *stateRun) passes(n ast.Node, funcs map[*types.Func]bool, match func(verbCall) bool) bool {
	found := false
	ast.Inspect(n, func(c ast.Node) bool {
		switch c := c.(type) {
		case *ast.CallExpr:
			if v, ok := r.verb(c); ok {
				found = found || match(v)
				return !found && len(c.Args) > 0
			}
			found = found || r.mayReach(c, funcs)
			// The receiver of a known function is not handed on.
			if fn := rousetypes.Callee(r.info, c); fn != nil && (r.own[fn] || inKit(fn)) && !found {
				if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && !r.bare(sel.X) {
					found = r.passes(sel.X, funcs, match)
				}
				for _, a := range c.Args {
					if !r.own[fn] || !r.bare(a) {
						found = found || r.passes(a, funcs, match)
					}
				}
				return false
			}
		case *ast.SelectorExpr:
			if s := r.info.Selections[c]; s != nil && s.Kind() == types.FieldVal && !r.bare(c) {
				if _, ok := placeOf(r.info, c); ok {
					return false // another field of the same struct
				}
			}
			found = found || r.bare(c)
		case *ast.Ident:
			found = found || r.bare(c)
		}
		return !found
	})
	return found
}

// mayReach reports whether call calls one of funcs, or a function value that
// may be anything.
func (r *stateRun) mayReach(call *ast.CallExpr, funcs map[*types.Func]bool) bool {
	if fn := rousetypes.Callee(r.info, call); fn != nil {
		return funcs[fn]
	}
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return false
	}
	_, isVar := r.info.Uses[id].(*types.Var)
	return isVar
}

// bare reports whether e denotes r's state, or what it stands in.
func (r *stateRun) bare(e ast.Expr) bool {
	p, ok := placeOf(r.info, e)
	return ok && p.root == r.p.root && (p.path == r.p.path || strings.HasPrefix(r.p.path, p.path+"."))
}

// handsOn reports whether n does anything by which a notification may be begun.
func (r *stateRun) handsOn(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(c ast.Node) bool {
		switch c := c.(type) {
		case *ast.CallExpr:
			v, isVerb := r.verb(c)
			found = found || isVerb && v.name == "Begin" || !isVerb && !idle(r.info, c)
		case *ast.GoStmt, *ast.SendStmt, *ast.DeferStmt:
			found = true
		case *ast.AssignStmt:
			for _, lhs := range c.Lhs {
				_, local := ast.Unparen(lhs).(*ast.Ident)
				found = found || !local
			}
		}
		return !found
	})
	return found
}

// idle reports whether call does nothing but look, or unlock.
func idle(info *types.Info, call *ast.CallExpr) bool {
	switch builtinName(info, call) {
	case "len", "cap", "min", "max":
		return true
	}
	fn := rousetypes.Callee(info, call)
	return fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "sync" && strings.HasSuffix(fn.Name(), "Unlock")
}

func builtinName(info *types.Info, call *ast.CallExpr) string {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return ""
	}
	if _, ok := info.Uses[id].(*types.Builtin); !ok {
		return ""
	}
	return id.Name
}

// tells reports whether a function returns something by which its caller may learn
// that it holds the run: anything but an error.
func tells(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		if !types.Identical(v.Type(), types.Universe.Lookup("error").Type()) {
			return true
		}
	}
	return false
}
