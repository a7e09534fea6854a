package explore

import (
	"fmt"

	"github.com/rouse-go/rouse/proptest/internal/enumerate"
)

// node is what a small program's stack is made of.
type node struct {
	v    Uint64
	next Pointer[node]
	data Var[uint64]
}

// small is a program of package enumerate on instrumented objects.
type small struct {
	x      *Exec
	words  [enumerate.Words]Uint64
	plains [enumerate.Plains]Var[uint64]
	ghosts [enumerate.Ghosts]Ghost[uint64]
	locks  [enumerate.Locks]Mutex
	top    Pointer[node]
	pool   Pool
	out    []Ghost[string]
}

// smallThread is the state of a thread.
type smallThread struct {
	*small
	id   int
	reg  uint64
	mine *node
	log  string
}

func (t *smallThread) run(code []enumerate.Instr) {
	for i, in := range code {
		t.do(i, in)
		t.log += fmt.Sprint(t.reg, ";")
	}
	if t.id >= 0 {
		t.out[t.id].Set(t.log)
	}
}

func (t *smallThread) forget(i int) {
	t.reg, t.mine, t.log = 0, nil, ""
	t.x.At("instruction", uint64(i))
}

func (t *smallThread) do(i int, in enumerate.Instr) {
	word, plain, ghost, mu := &t.words[in.Obj], &t.plains[in.Obj], &t.ghosts[in.Obj], &t.locks[in.Obj]
	switch in.Op {
	case enumerate.Load:
		t.reg = word.Load()
	case enumerate.Store:
		word.Store(in.Arg)
	case enumerate.StoreReg:
		word.Store(t.reg + 1)
	case enumerate.Add:
		t.reg = word.Add(in.Arg)
	case enumerate.Swap:
		t.reg = word.Swap(in.Arg)
	case enumerate.CAS:
		if word.CompareAndSwap(in.Arg, in.Arg+1) {
			t.reg += 10
		}
	case enumerate.CASReg:
		if !word.CompareAndSwap(t.reg, t.reg+1) {
			t.reg = 0
		}
	case enumerate.IfAdd:
		if t.reg&1 == 1 {
			t.words[enumerate.Words-1].Add(1)
		}
	case enumerate.Inc:
		t.increment(word, in.Arg, func() {})
	case enumerate.SpinCAS:
		t.increment(word, in.Arg, Pause)
	case enumerate.Get:
		t.reg = plain.Get()
	case enumerate.Set:
		plain.Set(t.reg + in.Arg)
	case enumerate.IfSet:
		if t.reg&1 == 1 {
			plain.Set(in.Arg)
		}
	case enumerate.IfGet:
		if t.reg&1 == 1 {
			t.reg = plain.Get()
		}
	case enumerate.GhostGet:
		t.reg = ghost.Get()
	case enumerate.GhostSet:
		ghost.Set(t.reg + in.Arg)
	case enumerate.Lock:
		mu.Lock()
	case enumerate.Unlock:
		mu.Unlock()
	case enumerate.TryLock:
		if mu.TryLock() {
			mu.Unlock()
			t.reg++
		}
	case enumerate.Await:
		t.x.Await("word", func() bool { return word.Load() >= in.Arg })
	case enumerate.AwaitGhost:
		t.x.Await("ghost", func() bool { return ghost.Get() >= in.Arg })
	case enumerate.AwaitAny:
		t.x.Await("any", func() bool {
			return t.words[0].Load() == 0 || t.words[1].Load() == 1 || t.plains[0].Get() == 0
		})
	case enumerate.Go:
		t.x.Go(enumerate.Child, func() { (&smallThread{small: t.small, id: -1}).run(enumerate.ChildCode(in)) })
	case enumerate.Panic:
		if t.reg&1 == 1 {
			panic("odd")
		}
	case enumerate.Do:
		t.reg = Do(t.x, func() uint64 {
			inner := &smallThread{small: t.small}
			inner.mine = t.mine
			for i, in := range in.Body {
				inner.do(i, in)
			}
			return inner.reg & 1
		})
	case enumerate.At:
		t.forget(i)
	case enumerate.Spin:
		for word.Load() < in.Arg {
			Pause()
		}
	case enumerate.SpinTwo:
		for {
			if t.words[0].Load() == 1 {
				t.reg = 1
				break
			}
			if t.words[1].Load() == 1 {
				t.reg = 2
				break
			}
			Pause()
		}
	case enumerate.SpinSwap:
		for word.Swap(0) == 0 {
			Pause()
		}
	case enumerate.SpinLock:
		for !mu.TryLock() {
			Pause()
		}
		mu.Unlock()
	case enumerate.Serve:
		for {
			t.forget(i)
			t.x.Await("a request", func() bool { return word.Load() >= 1 })
			word.Sub(1)
			t.ghosts[0].Update(func(n uint64) uint64 { return n + 1 })
		}
	default:
		t.onNodes(in)
	}
}

func (t *smallThread) onNodes(in enumerate.Instr) {
	switch in.Op {
	case enumerate.Push:
		n := new(node)
		n.v.Store(t.reg)
		for {
			old := t.top.Load()
			n.next.Store(old)
			if t.top.CompareAndSwap(old, n) {
				break
			}
		}
		t.mine = n
	case enumerate.Pop:
		for {
			n := t.top.Load()
			t.mine = n
			if n == nil {
				break
			}
			if t.top.CompareAndSwap(n, n.next.Load()) {
				t.reg = n.v.Add(1)
				break
			}
		}
	case enumerate.PoolGet:
		t.mine = t.pool.Get().(*node)
	}
	if t.mine == nil {
		return
	}
	switch in.Op {
	case enumerate.Mine:
		t.reg = t.mine.v.Load()
	case enumerate.NodeGet:
		t.reg = t.mine.data.Get()
	case enumerate.NodeSet:
		t.mine.data.Set(t.reg)
	case enumerate.PoolPut:
		t.pool.Put(t.mine)
		t.mine = nil
	}
}

func (t *smallThread) increment(word *Uint64, limit uint64, pause func()) {
	for {
		v := word.Load()
		if v > limit+1 {
			return
		}
		if word.CompareAndSwap(v, v+1) {
			t.reg = v
			return
		}
		pause()
	}
}

// final is what the program has left.
func (s *small) final() (f enumerate.Final) {
	for i := range f.Words {
		f.Words[i] = s.words[i].Load()
	}
	for i := range f.Plains {
		f.Plains[i] = s.plains[i].Get()
	}
	for i := range f.Ghosts {
		f.Ghosts[i] = s.ghosts[i].Get()
	}
	for n := s.top.Load(); n != nil; n = n.next.Load() {
		f.Stack = append(f.Stack, [2]uint64{n.v.Load(), n.data.Get()})
	}
	for i := range s.out {
		f.Logs = append(f.Logs, s.out[i].Get())
	}
	return f
}
