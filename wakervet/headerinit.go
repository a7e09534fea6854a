package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/cfg"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// HeaderInit reports a Header that is used before Init, initialised while it owes a
// run, or used after it may have been released.
var HeaderInit = &analysis.Analyzer{
	Name: "headerinit",
	Doc: `report a Header that is not initialised, or initialised while it is queued

Init comes before everything else, once for each life of the task: a Header without a
table cannot be woken, and one that is initialised again while it is queued breaks
its queue. A task that nobody owns, as InitNotified leaves it, may be released after
its first run, and its memory be another task's.`,
	URL:      url + "#HeaderInit",
	Run:      runHeaderInit,
	Requires: []*analysis.Analyzer{inspect.Analyzer, functions, Notes},
}

func runHeaderInit(pass *analysis.Pass) (any, error) {
	all := pass.ResultOf[functions].([]*function)
	if len(all) == 0 {
		return nil, nil
	}
	n := pass.ResultOf[Notes].(*notes)
	released := releasedTypes(pass)
	for _, f := range all {
		for _, p := range headersIn(pass.TypesInfo, f) {
			h := &headerFlow{pass: pass, notes: n, info: pass.TypesInfo, p: p}
			h.recycles = released[owner(p)]
			h.solve(f.graph)
		}
	}
	return nil, nil
}

// A phase of a Header's life, as far as all paths agree.
type phase uint8

const (
	anyPhase phase = iota
	fresh          // allocated here, and not initialised
	idling         // initialised, and not woken since
	owing          // initialised, and woken or born notified: it owes a run
	handed         // of a type that is recycled: born owned by nobody, and owing
	gone           // the same, and something was called that may have run it
)

// A headerFlow follows one Header through one function.
type headerFlow struct {
	pass     *analysis.Pass
	notes    *notes
	info     *types.Info
	p        place
	recycles bool
}

func (h *headerFlow) solve(g *cfg.CFG) {
	in := map[*cfg.Block]phase{g.Blocks[0]: anyPhase}
	for changed := true; changed; {
		changed = false
		for _, b := range g.Blocks {
			was, reached := in[b]
			if !reached {
				continue
			}
			out := h.block(b, was, false)
			for _, next := range b.Succs {
				before, seen := in[next]
				switch {
				case !seen:
					in[next], changed = out, true
				case before != out && before != anyPhase:
					in[next], changed = anyPhase, true
				}
			}
		}
	}
	for _, b := range g.Blocks {
		if was, reached := in[b]; reached {
			h.block(b, was, true)
		}
	}
}

func (h *headerFlow) block(b *cfg.Block, at phase, tell bool) phase {
	for _, n := range b.Nodes {
		if h.defines(n) {
			at = fresh
			continue
		}
		at = h.node(n, at, tell)
	}
	return at
}

// node is the phase after n.
func (h *headerFlow) node(n ast.Node, at phase, tell bool) phase {
	ast.Inspect(n, func(c ast.Node) bool {
		switch c := c.(type) {
		case *ast.DeferStmt: // runs at the end
			return false
		case *ast.GoStmt:
			if refers(h.info, c, h.p.root) {
				at = anyPhase
			}
			return false
		case *ast.CallExpr:
			call, ok := headerCallOf(h.info, c)
			ok = ok && call.p == h.p
			if !ok {
				at = h.node(c.Fun, at, tell)
			}
			for _, a := range c.Args {
				if p, isPlace := placeOf(h.info, a); !ok || !isPlace || p.root != h.p.root {
					at = h.node(a, at, tell)
				}
			}
			switch {
			case ok:
				at = h.step(call, at, tell)
			case h.mayRun(c):
				at = elsewhere(at)
			}
			return false
		case *ast.FuncLit:
			if refers(h.info, c, h.p.root) {
				at = anyPhase
			}
			return false
		case *ast.SelectorExpr: // another field of the struct
			if s := h.info.Selections[c]; s != nil && s.Kind() == types.FieldVal && !h.within(c) {
				if p, ok := placeOf(h.info, c); ok && p.root == h.p.root {
					return false
				}
			}
		case *ast.Ident:
			if h.info.ObjectOf(c) == h.p.root && (at == fresh || assignsTo(h.info, n, h.p.root)) {
				at = anyPhase
			}
		}
		return true
	})
	return at
}

// within reports whether e denotes the Header, or what it stands in.
func (h *headerFlow) within(e ast.Expr) bool {
	p, ok := placeOf(h.info, e)
	return ok && p.root == h.p.root && (p.path == h.p.path || strings.HasPrefix(h.p.path, p.path+"."))
}

// mayRun reports whether call may run a task, or give it to somebody who does.
func (h *headerFlow) mayRun(call *ast.CallExpr) bool {
	_, typ, method := rousetypes.Method(h.info, call)
	queued := method == "Push" && strings.HasSuffix(typ, "Queue")
	return builtinName(h.info, call) == "" && !h.info.Types[call.Fun].IsType() && !queued
}

// elsewhere is the phase after a call that may run tasks.
func elsewhere(at phase) phase {
	switch at {
	case fresh:
		return fresh
	case handed, gone:
		return gone
	}
	return anyPhase
}

func (h *headerFlow) step(c headerCall, at phase, tell bool) phase {
	name := types.ExprString(c.call.Fun)
	switch c.method {
	case "Init", "InitNotified", "InitBound":
		if at == owing && tell {
			h.notes.reportf(h.pass, c.call, "%s is called while the task owes a run, and may be queued: initialise it again when it has ended", name)
		}
		switch {
		case c.method == "Init":
			return idling
		case c.method == "InitBound":
			return anyPhase
		case h.recycles:
			return handed
		}
		return owing
	case "Wake", "WakerRef", "Abort", "Close", "Disown":
		if at == fresh {
			if tell {
				h.notes.reportf(h.pass, c.call, "%s is called before Init: the task has no table yet", name)
			}
			return anyPhase
		}
		if at == gone && tell {
			h.notes.reportf(h.pass, c.call,
				"%s is called though nobody owns the task since InitNotified: it may have been released, and be another's by now; get a Waker or an AbortHandle before it is scheduled", name)
		}
		if at == idling && (c.method == "Wake" || c.method == "Abort") {
			return owing
		}
		if c.method == "WakerRef" {
			return anyPhase
		}
	}
	return at
}

// defines reports whether n defines the variable of h with memory that is new.
func (h *headerFlow) defines(n ast.Node) bool {
	if h.p.root.IsField() || !h.byValue() {
		return false
	}
	switch n := n.(type) {
	case *ast.AssignStmt:
		for i, lhs := range n.Lhs {
			if id, ok := lhs.(*ast.Ident); ok && h.info.Defs[id] == h.p.root && len(n.Lhs) == len(n.Rhs) {
				return h.newValue(n.Rhs[i])
			}
		}
	case *ast.ValueSpec:
		for i, id := range n.Names {
			if h.info.Defs[id] == h.p.root {
				_, ptr := h.p.root.Type().Underlying().(*types.Pointer)
				return len(n.Values) == 0 && !ptr || len(n.Values) == len(n.Names) && h.newValue(n.Values[i])
			}
		}
	}
	return false
}

// newValue reports whether e is new(T), &T{...} or T{...}, with an empty Header in it.
func (h *headerFlow) newValue(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		return builtinName(h.info, e) == "new"
	case *ast.UnaryExpr:
		return e.Op == token.AND && h.newValue(e.X)
	case *ast.CompositeLit:
		first, _, _ := strings.Cut(strings.TrimPrefix(h.p.path, "."), ".")
		return !slices.ContainsFunc(e.Elts, func(elt ast.Expr) bool {
			kv, keyed := elt.(*ast.KeyValueExpr)
			if !keyed {
				return true
			}
			key, ok := kv.Key.(*ast.Ident)
			return ok && key.Name == first
		})
	}
	return false
}

// byValue reports whether the Header stands in the struct itself, not behind a pointer.
func (h *headerFlow) byValue() bool {
	t := h.p.root.Type()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	for _, name := range strings.Split(h.p.path, ".")[1:] {
		s, ok := t.Underlying().(*types.Struct)
		if !ok {
			return false
		}
		for f := range s.Fields() {
			if f.Name() == name {
				t = f.Type()
			}
		}
	}
	return rousetypes.Name(t) == "Header"
}

func assignsTo(info *types.Info, n ast.Node, v *types.Var) bool {
	s, ok := n.(*ast.AssignStmt)
	if !ok {
		return false
	}
	return slices.ContainsFunc(s.Lhs, func(e ast.Expr) bool { return refers(info, e, v) || assignedIn(info, s)[v] })
}
