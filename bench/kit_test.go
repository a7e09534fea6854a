package bench

import (
	"testing"

	"github.com/rouse-go/rouse"
)

// The loops are those of the operations that bench/report compares, in the
// form that go test measures. Under Go 1.24 and 1.25, b.Loop keeps what it
// calls from being inlined; compare figures of one toolchain.

func BenchmarkCloneDrop(b *testing.B) {
	for name, o := range map[string]rouse.Options{"counted": {}, "uncounted": {Uncounted: true}} {
		b.Run(name, func(b *testing.B) {
			w := &parkWith(1, byUser, o).wakers[0]
			b.ReportAllocs()
			for b.Loop() {
				c := w.Clone()
				c.Drop()
			}
		})
	}
}

func BenchmarkCloneDropContended(b *testing.B) {
	w := park(1).wakers[0].Borrow()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			c := w.Clone()
			c.Drop()
		}
	})
}

func BenchmarkWillWake(b *testing.B) {
	w := &park(1).wakers[0]
	o := w.Clone()
	defer o.Drop()
	b.ReportAllocs()
	for b.Loop() {
		if !w.WillWake(o.Borrow()) {
			b.Fatal("two wakers of one task differ")
		}
	}
}

func BenchmarkBorrow(b *testing.B) {
	h := new(bare)
	bareVtable.Init(h)
	b.ReportAllocs()
	for b.Loop() {
		if h.WakerRef().IsZero() {
			b.Fatal("zero waker")
		}
	}
}

func BenchmarkWakeNotified(b *testing.B) {
	tasks := park(1)
	w := &tasks.wakers[0]
	w.WakeByRef()
	b.ReportAllocs()
	for b.Loop() {
		w.WakeByRef()
	}
	tasks.drain()
	polled(b, tasks.polls, 2)
}

func BenchmarkWakeComplete(b *testing.B) {
	var e fifo
	c := new(shared)
	rouse.SpawnDetached(&e, finished{c})
	e.drain()
	b.ReportAllocs()
	for b.Loop() {
		c.wakers[0].WakeByRef()
	}
	polled(b, c.polls, 1)
}

func BenchmarkCloneWake(b *testing.B) {
	tasks := park(1)
	b.ReportAllocs()
	for b.Loop() {
		w := tasks.wakers[0].Clone()
		w.Wake()
	}
	tasks.drain()
	polled(b, tasks.polls, 2)
}

func BenchmarkWakeRunIdle(b *testing.B) {
	tasks := park(1)
	b.ReportAllocs()
	for b.Loop() {
		tasks.wakers[0].WakeByRef()
		tasks.drain()
	}
	polled(b, tasks.polls, b.N+1)
}

func BenchmarkSelfWake(b *testing.B) {
	var e fifo
	c := &shared{limit: 1 << 62}
	rouse.SpawnDetached(&e, selfWake{c})
	b.ReportAllocs()
	for b.Loop() {
		n, _ := e.q.Pop()
		n.Run()
	}
	polled(b, c.polls, b.N)
}

func BenchmarkPingPong(b *testing.B) {
	var e fifo
	c := &shared{limit: 1 << 62}
	for me := range 2 {
		j := rouse.Spawn(&e, &pingPong{c, me})
		defer j.Detach()
	}
	b.ReportAllocs()
	for b.Loop() {
		for range 2 {
			n, _ := e.q.Pop()
			n.Run()
		}
	}
	polled(b, c.polls, 2*b.N)
}

func BenchmarkSpawnDetached(b *testing.B) {
	b.Run("heap", func(b *testing.B) {
		var e fifo
		c := new(shared)
		b.ReportAllocs()
		for b.Loop() {
			rouse.SpawnDetached(&e, once{c})
			e.drain()
		}
		polled(b, c.polls, b.N)
	})
	b.Run("pooled", func(b *testing.B) {
		var e fifo
		var pool rouse.Pool[unit, once]
		c := new(shared)
		b.ReportAllocs()
		for b.Loop() {
			pool.SpawnDetached(&e, once{c})
			e.drain()
		}
		polled(b, c.polls, b.N)
	})
}

func BenchmarkSpawnJoin(b *testing.B) {
	b.Run("heap", func(b *testing.B) {
		var e fifo
		c := new(shared)
		w := rouse.NoopWaker()
		b.ReportAllocs()
		for b.Loop() {
			j := rouse.Spawn(&e, value{c})
			join(b, &e, &j, rouse.NewContext(w.Borrow()))
		}
		polled(b, c.polls, b.N)
	})
	b.Run("pooled", func(b *testing.B) {
		var e fifo
		var pool rouse.Pool[uint64, value]
		c := new(shared)
		w := rouse.NoopWaker()
		b.ReportAllocs()
		for b.Loop() {
			j := pool.Spawn(&e, value{c})
			join(b, &e, &j, rouse.NewContext(w.Borrow()))
		}
		polled(b, c.polls, b.N)
	})
}

func join(b *testing.B, e *fifo, j *rouse.JoinHandle[uint64], cx rouse.Context) {
	if _, ready := j.Poll(cx); ready {
		b.Fatal("ready before it ran")
	}
	e.drain()
	if _, ready := j.Poll(cx); !ready {
		b.Fatal("not ready after it ran")
	}
}

func BenchmarkAbortIdle(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		tasks := park(1)
		tasks.handles[0].Abort()
		tasks.drain()
		tasks.wakers[0].Drop()
	}
}

func BenchmarkRegisterWake(b *testing.B) {
	tasks := park(1)
	w := tasks.wakers[0].Borrow()
	var cell rouse.WakerCell
	b.ReportAllocs()
	for b.Loop() {
		cell.Register(w)
		cell.Wake()
	}
	tasks.drain()
	polled(b, tasks.polls, 2)
}

func BenchmarkRunQueue(b *testing.B) {
	var q rouse.RunQueue
	n := notifieds(1)[0]
	b.ReportAllocs()
	for b.Loop() {
		q.Push(n)
		if _, ok := q.Pop(); !ok {
			b.Fatal("empty after a push")
		}
	}
}

func BenchmarkOwned(b *testing.B) {
	var list rouse.OwnedTasks
	h := new(bare)
	bareVtable.Init(h)
	b.ReportAllocs()
	for b.Loop() {
		list.Bind(&h.Header)
		list.Remove(&h.Header)
	}
}

func BenchmarkState(b *testing.B) {
	var s rouse.State
	b.ReportAllocs()
	for b.Loop() {
		if !s.Notify() || !s.Begin() || s.End() {
			b.Fatal("an idle state did not go round")
		}
	}
}

func polled(b *testing.B, got, want int) {
	if got != want {
		b.Fatalf("%d polls, want %d", got, want)
	}
}
