package wakervet

import (
	"go/ast"
	"go/types"
	"maps"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/cfg"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// UnderLock reports a wake under a lock that the package's scheduler takes.
var UnderLock = &analysis.Analyzer{
	Name: "wakelocked",
	Doc: `report a wake, an abort or a drop under a lock that Schedule takes

Wake, Abort and Drop of a waker call Schedule before they return, and a refused
Notified runs destructors, which may wake. Under a mutex that the package's own
Schedule or Yield locks, they wait for themselves for ever. Collect the wakers under
the lock, and wake them after it is released.`,
	URL:      url + "#UnderLock",
	Run:      runUnderLock,
	Requires: []*analysis.Analyzer{functions, Notes},
}

// submits lists the methods, by receiver, that may call Schedule.
var submits = map[string]map[string]bool{
	"Waker":       {"Wake": true, "WakeByRef": true, "Drop": true},
	"WakerRef":    {"WakeByRef": true},
	"WakerCell":   {"Wake": true, "Close": true},
	"Header":      {"Wake": true, "Abort": true},
	"JoinHandle":  {"Abort": true},
	"AbortHandle": {"Abort": true},
	"Notified":    {"Run": true, "Drop": true},
	"OwnedTasks":  {"CloseAndShutdownAll": true},
	"RunQueue":    {"RunOne": true, "Close": true},
	"LocalQueue":  {"RunOne": true, "Close": true},
	"SharedQueue": {"Close": true},
	"WaitQueue":   {"NotifyOne": true, "NotifyAll": true, "Close": true},
	"Semaphore":   {"Release": true, "Close": true},
}

// held are the mutexes, by the variable or field they stand in, that all paths to a
// point hold.
type held map[*types.Var]bool

type underLock struct {
	pass  *analysis.Pass
	notes *notes
	info  *types.Info
	taken held // by a scheduler of the package
	wakes map[*types.Func]bool
	opens map[*types.Var]map[*types.Func]bool // functions that unlock
}

func runUnderLock(pass *analysis.Pass) (any, error) {
	all := pass.ResultOf[functions].([]*function)
	u := &underLock{pass: pass, notes: pass.ResultOf[Notes].(*notes), info: pass.TypesInfo, taken: make(held)}
	locked := make(held)
	for _, f := range all {
		onStack(f.body, func(call *ast.CallExpr) {
			if v, op := mutexCall(u.info, call); op == "Lock" {
				locked[v] = true
			}
		})
	}
	for v := range locked {
		locks := func(call *ast.CallExpr) bool {
			got, op := mutexCall(u.info, call)
			return got == v && op == "Lock"
		}
		locking := reaching(u.info, all, locks)
		for _, f := range all {
			if f.role&scheduler != 0 {
				onStack(f.body, func(call *ast.CallExpr) {
					if locks(call) || locking[rousetypes.Callee(u.info, call)] {
						u.taken[v] = true
					}
				})
			}
		}
	}
	if len(u.taken) == 0 {
		return nil, nil
	}
	u.wakes = reaching(u.info, all, u.submits)
	u.opens = make(map[*types.Var]map[*types.Func]bool)
	for v := range u.taken {
		u.opens[v] = reaching(u.info, all, func(call *ast.CallExpr) bool {
			got, op := mutexCall(u.info, call)
			return got == v && op == "Unlock"
		})
	}
	for _, f := range all {
		u.function(f)
	}
	return nil, nil
}

// mutexCall returns the variable or field of the sync.Mutex or RWMutex that call
// locks or unlocks, for reading too.
func mutexCall(info *types.Info, call *ast.CallExpr) (v *types.Var, op string) {
	fn := rousetypes.Callee(info, call)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "sync" || fn.Signature().Recv() == nil {
		return nil, ""
	}
	op = strings.TrimPrefix(fn.Name(), "R")
	if v = holder(info, call); v == nil || op != "Lock" && op != "Unlock" {
		return nil, ""
	}
	return v, op
}

func (u *underLock) submits(call *ast.CallExpr) bool {
	_, typ, method := rousetypes.Method(u.info, call)
	return submits[typ][method]
}

// function finds what f holds at each point, and reports the wakes.
func (u *underLock) function(f *function) {
	if f.graph == nil {
		return
	}
	in := map[*cfg.Block]held{f.graph.Blocks[0]: {}}
	for changed := true; changed; {
		changed = false
		for _, b := range f.graph.Blocks {
			if in[b] == nil {
				continue
			}
			out := u.block(b, in[b], false)
			for _, next := range b.Succs {
				if in[next] == nil {
					in[next], changed = out, true
					continue
				}
				both := maps.Clone(in[next])
				maps.DeleteFunc(both, func(v *types.Var, _ bool) bool { return !out[v] })
				if len(both) != len(in[next]) {
					in[next], changed = both, true
				}
			}
		}
	}
	for _, b := range f.graph.Blocks {
		if in[b] != nil {
			u.block(b, in[b], true)
		}
	}
}

func (u *underLock) block(b *cfg.Block, in held, tell bool) held {
	h := maps.Clone(in)
	for _, n := range b.Nodes {
		switch n.(type) {
		case *ast.DeferStmt, *ast.GoStmt:
			continue // a deferred Unlock leaves it held until the end
		}
		onStack(n, func(call *ast.CallExpr) {
			v, op := mutexCall(u.info, call)
			callee := rousetypes.Callee(u.info, call)
			switch {
			case op == "Lock" && u.taken[v]:
				h[v] = true
			case op == "Unlock":
				delete(h, v)
			case tell && u.submits(call):
				u.report(call, h, calleeName(u.pass, call), "may call Schedule")
			case u.wakes[callee] && !exported(callee):
				maps.DeleteFunc(h, func(v *types.Var, _ bool) bool { return u.opens[v][callee] })
				if tell {
					u.report(call, h, callee.Name(), "wakes, which may call Schedule")
				}
			}
		})
	}
	return h
}

func (u *underLock) report(call *ast.CallExpr, h held, name, why string) {
	var first *types.Var
	for v := range h {
		if first == nil || v.Pos() < first.Pos() {
			first = v
		}
	}
	if first != nil {
		u.notes.reportf(u.pass, call, "%s %s, which locks %s, held here: call it after the lock is released", name, why, first.Name())
	}
}
