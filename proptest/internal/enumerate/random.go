package enumerate

import (
	"math/rand/v2"
	"slices"
)

// A Mix is a kind of programs.
type Mix struct {
	Name  string
	Ops   []Op
	Retry bool
	Few   bool // threads and instructions: it has many states
}

// Mixes are the kinds of programs to try.
var Mixes = []Mix{
	{Name: "words", Ops: []Op{Load, Store, StoreReg, Add, Swap, CAS, CASReg, IfAdd}},
	{Name: "plain", Ops: []Op{Load, Add, CAS, Get, Set, IfSet, Store}},
	{Name: "ghosts", Ops: []Op{Add, GhostGet, GhostSet, Load, IfAdd}},
	{Name: "locks", Ops: []Op{Lock, Lock, Add, TryLock, Get, Set, Panic}},
	{Name: "awaits", Ops: []Op{Await, Add, Store, AwaitGhost, GhostSet, Load}},
	{Name: "awaits and plain", Ops: []Op{AwaitAny, AwaitAny, Add, Store, Set}},
	{Name: "nodes", Ops: []Op{Push, Pop, Mine, Add, NodeGet, NodeSet}},
	{Name: "pools", Ops: []Op{PoolPut, PoolGet, PoolGet, Mine, NodeGet, NodeSet, Add, Load}},
	{Name: "pools in Do", Ops: []Op{PoolPut, PoolGet, Do, NodeSet, NodeGet, Mine}},
	{Name: "retries", Ops: []Op{Inc, Inc, Push, Pop, Load, Add}, Retry: true, Few: true},
	{Name: "retries and plain", Ops: []Op{Inc, Inc, Set, Get, IfSet, Store, Load}, Retry: true},
	{Name: "threads", Ops: []Op{Go, Load, GhostGet, Add, Spin, Set}},
	{Name: "panics", Ops: []Op{Panic, Load, Add, Store, Get, Set}},
	{Name: "Do", Ops: []Op{Do, Do, Do, Store, Set, IfGet}},
	{Name: "Do and locks", Ops: []Op{Do, Lock, Add, Set, Get, Store}},
	{Name: "At", Ops: []Op{At, Load, Add, Store, Set, IfGet, IfGet}},
	{Name: "pauses", Ops: []Op{Spin, SpinTwo, Store, Add, Load}, Few: true},
	{Name: "pauses and swaps", Ops: []Op{SpinSwap, SpinTwo, Store, Swap, Add}, Few: true},
	{Name: "pauses and retries", Ops: []Op{SpinCAS, Inc, Add, Load, Spin}, Retry: true, Few: true},
	{Name: "pauses and locks", Ops: []Op{SpinLock, Lock, SpinTwo, Store, Get, Set}, Few: true},
	{Name: "pauses, Do, At", Ops: []Op{SpinTwo, Spin, Do, At, Store, Add, GhostSet, SpinSwap}, Few: true},
	{Name: "servers", Ops: []Op{Serve, Add, GhostGet, Load, Store, Spin}},
	{Name: "all", Ops: everything},
}

var everything = func() (ops []Op) {
	for o := Load; o <= Serve; o++ {
		if o != Unlock { // follows a Lock
			ops = append(ops, o)
		}
	}
	return ops
}()

// forgets are the instructions after which a thread does not know any more what it saw.
var forgets = []Op{AwaitAny, Do, At, Serve}

// inDo are the instructions that a Do can be made of.
var inDo = []Op{Load, Store, StoreReg, Add, Swap, CAS, IfAdd, Get, Set, IfSet, IfGet, GhostGet, TryLock, PoolPut, PoolGet, Push, Pop, Mine, Inc}

// Random returns a program of the mix.
func (m Mix) Random(r *rand.Rand) Program {
	size, threads := 9, 2+r.IntN(3)
	if m.Few {
		size, threads = 5, 2+r.IntN(2)
	}
	p := Program{Retry: m.Retry, Threads: make([]Thread, threads)}
	p.Named = r.IntN(2) == 0 || m.Retry
	pick := func(ops []Op) Instr {
		return Instr{Op: ops[r.IntN(len(ops))], Obj: r.IntN(2), Arg: uint64(r.IntN(3))}
	}
	body := []Op{Load} // what this mix has and a Do may
	for _, o := range m.Ops {
		if slices.Contains(inDo, o) {
			body = append(body, o)
		}
	}
	for i := range p.Threads {
		t := &p.Threads[i]
		t.Daemon = r.IntN(6) == 0
		held := -1
		for range 1 + r.IntN(size/threads+1) {
			in := pick(m.Ops)
			p.Named = p.Named || slices.Contains(forgets, in.Op)
			switch in.Op {
			case Lock, TryLock, SpinLock:
				if held >= 0 {
					in = Instr{Op: Unlock, Obj: held}
					held = -1
				} else if in.Op == Lock {
					held = in.Obj
				}
			case Do:
				for range 1 + r.IntN(3) {
					if b := pick(body); b.Op != TryLock || held < 0 {
						in.Body = append(in.Body, b)
					}
				}
			case Serve:
				t.Daemon = true
			}
			t.Code = append(t.Code, in)
			if in.Op == Serve {
				break
			}
		}
		if held >= 0 && r.IntN(8) > 0 && t.Code[len(t.Code)-1].Op != Serve {
			t.Code = append(t.Code, Instr{Op: Unlock, Obj: held})
		}
	}
	return p
}
