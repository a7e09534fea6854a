package bench

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/bench/harness"
)

// conn is a task of level 1: the caller's own struct with a Header in it.
type conn struct {
	rouse.Header
	c    *shared
	e    *fifo
	peer *conn
}

var vtable = rouse.NewVtable(rouse.Ops[conn]{
	Poll: func(t *conn, cx rouse.Context) bool {
		t.c.polls++
		if t.peer != nil && t.c.polls < t.c.limit {
			t.c.wakes++
			t.peer.Wake()
		}
		return false
	},
	Cancel:   func(*conn, rouse.Cause) {},
	Schedule: func(t *conn, n rouse.Notified, _ rouse.Reason) { t.e.q.Push(n) },
})

// bare is a task that has nothing but its Header, and is never run.
type bare struct{ rouse.Header }

var bareVtable = rouse.NewVtable(rouse.Ops[bare]{
	Poll:   func(*bare, rouse.Context) bool { return false },
	Cancel: func(*bare, rouse.Cause) {},
	//wakervet:allow notifiedlost nobody wakes these tasks
	Schedule: func(*bare, rouse.Notified, rouse.Reason) {},
})

// headerSelfWake, headerPingPong: the same tasks as Headers.
func headerSelfWake(n, _ int) harness.Sample {
	t := &conn{c: &shared{limit: n}, e: new(fifo)}
	t.peer = t
	vtable.Init(t)
	t.Wake()
	return harness.Timed(n, t.e.drain).Count("polls", t.c.polls).Count("wakes", t.c.wakes)
}

func headerPingPong(n, _ int) harness.Sample {
	a := &conn{c: &shared{limit: 2 * n}, e: new(fifo)}
	b := &conn{c: a.c, e: a.e, peer: a}
	a.peer = b
	vtable.Init(a)
	vtable.Init(b)
	a.Wake()
	return harness.Timed(n, a.e.drain).Count("polls", a.c.polls)
}

func headerWakeRunIdle(n int, batch int) harness.Sample {
	c, e := new(shared), new(fifo)
	tasks := make([]*conn, batch)
	for i := range tasks {
		tasks[i] = &conn{c: c, e: e}
		vtable.Init(tasks[i])
	}
	rs := harness.Rounds(n, batch)
	s := harness.Timed(rs*batch, func() {
		for range rs {
			for _, t := range tasks {
				t.Wake()
			}
			e.drain()
		}
	})
	return s.Count("runs", c.polls)
}

// stateSelfWake, stateWakeRunIdle, stateNotified: the word alone.
func stateSelfWake(n, _ int) harness.Sample {
	var st rouse.State
	polls := 0
	s := harness.Timed(n, func() {
		for again := st.Notify(); again; again = st.End() {
			st.Begin()
			if polls++; polls < n {
				st.Notify()
			}
		}
	})
	return s.Count("polls", polls)
}

func stateWakeRunIdle(n, _ int) harness.Sample {
	var st rouse.State
	polls := 0
	s := harness.Timed(n, func() {
		for range n {
			for again := st.Notify(); again; again = st.End() {
				st.Begin()
				polls++
			}
		}
	})
	return s.Count("runs", polls)
}

// stateTryRunIdle is stateWakeRunIdle for a poster that may be refused.
func stateTryRunIdle(n, _ int) harness.Sample {
	var st rouse.State
	polls := 0
	s := harness.Timed(n, func() {
		for range n {
			again, _ := st.TryNotify()
			for ; again; again = st.End() {
				st.Begin()
				polls++
			}
		}
	})
	return s.Count("runs", polls)
}

// stateReopen is a life of one run, and the next one.
func stateReopen(n, _ int) harness.Sample {
	var st rouse.State
	opened := 0
	s := harness.Timed(n, func() {
		for range n {
			if st.Notify() && st.Begin() && st.Finish() && st.Open() {
				opened++
			}
		}
	})
	return s.Count("opened", opened)
}

func stateSuspendResume(n, _ int) harness.Sample {
	var st rouse.State
	suspended := 0
	s := harness.Timed(n, func() {
		for range n {
			if st.Suspend() && !st.Resume() {
				suspended++
			}
		}
	})
	return s.Count("suspended", suspended)
}

func stateNotified(n, _ int) harness.Sample {
	var st rouse.State
	st.Notify()
	started := 0
	s := harness.Timed(n, func() {
		for range n {
			if st.Notify() {
				started++
			}
		}
	})
	return s.Count("started", started)
}
