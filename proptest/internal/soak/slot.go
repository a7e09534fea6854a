package main

import (
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"

	"github.com/rouse-go/rouse"
)

// A slot holds one task after the other, with what the disturbers have of it.
// Nothing that may run user code is done under its lock.
type slot struct {
	mu     sync.Mutex
	job    *job // nil before the first
	waker  rouse.Waker
	handle *rouse.JoinHandle[output]
	aborts rouse.AbortHandle
	busy   bool // a disturber has the handle
}

// keep stores a waker of j's, unless there is one.
func (s *slot) keep(j *job, w rouse.WakerRef) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.job == j && s.waker.IsZero() {
		s.waker = w.Clone()
	}
}

// clone returns a waker of the slot's task, and its job, or a zero one.
func (s *slot) clone() (w rouse.Waker, j *job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waker.IsZero() {
		return
	}
	return s.waker.Clone(), s.job
}

func (s *slot) take() (w rouse.Waker, j *job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.waker.Move(), s.job
}

// wake sends a wake by one of the ways that there are.
func (r *round) wake(w *rouse.Waker, j *job, byRef bool) {
	if w.IsZero() {
		return
	}
	j.sent.Add(1)
	r.wakes.Add(1)
	if byRef {
		w.WakeByRef()
		w.Drop()
	} else {
		w.Wake()
	}
}

// nudge is a wake out of a destructor.
func (r *round) nudge(i int) {
	s := r.slots[uint(i)%uint(len(r.slots))]
	if !s.mu.TryLock() { // by whoever destroys, for all we know
		return
	}
	var w rouse.Waker
	if !s.waker.IsZero() {
		w = s.waker.Clone()
	}
	j := s.job
	s.mu.Unlock()
	r.wake(&w, j, false)
}

// disturb does something to one of the tasks.
func (r *round) disturb(rng *rand.Rand) {
	if rng.IntN(monitored) == 0 {
		r.monitor(rng)
		return
	}
	s := r.slots[rng.IntN(len(r.slots))]
	switch p := rng.IntN(100); {
	case p < 60:
		w, j := s.clone()
		r.wake(&w, j, p < 30)
	case p < 75:
		w, j := s.take()
		r.wake(&w, j, false)
	case p < 78:
		if w, _ := s.take(); !w.IsZero() {
			w.Drop()
		}
	case p < 80:
		w, j := s.clone()
		r.abort(&w, j)
	case p < 95:
		r.useHandle(rng, s)
	default:
		r.respawn(rng, s)
	}
}

// monitored is how many acts of a disturber there are for each walk over the list.
const monitored = 500

// monitor uses some of the tasks that are on the list, as the page of an operator
// does, and late: many have ended, and their cells are recycled.
func (r *round) monitor(rng *rand.Rand) {
	r.walks.Add(1)
	var found []rouse.RawTask
	for t := range r.owned.All() {
		if found = append(found, t); len(found) == 50 {
			break
		}
	}
	for range 20 {
		r.disturb(rng)
	}
	for _, t := range found {
		runtime.Gosched()
		switch rng.IntN(4) {
		case 0:
			r.owned.Describe(t.Header(), "seen", 0)
		case 1:
			if r.owned.Remove(t.Header()) {
				t.Shutdown()
			}
		case 2:
			if t.Header().Abort() {
				r.aborts.Add(1)
			}
		default:
			t.Snapshot()
			t.ID()
		}
	}
}

// abort asks a task to end, by the waker that keeps it.
func (r *round) abort(w *rouse.Waker, j *job) {
	if w.IsZero() {
		return
	}
	if t, ok := w.Borrow().Task(); ok && t.Header().Abort() {
		r.aborts.Add(1)
	}
	w.Drop()
}

// useHandle does something with the JoinHandle, which one may use at a time.
func (r *round) useHandle(rng *rand.Rand, s *slot) {
	s.mu.Lock()
	h, aborts := s.handle, s.aborts
	if h == nil || s.busy {
		s.mu.Unlock()
		if !aborts.IsZero() && rng.IntN(10) == 0 && aborts.Abort() {
			r.aborts.Add(1)
		}
		return
	}
	s.busy = true
	s.mu.Unlock()

	switch p := rng.IntN(100); {
	case p < 40:
		if res, done := h.TryJoin(); done {
			r.joined(res)
		}
	case p < 80:
		if w, _ := r.slots[rng.IntN(len(r.slots))].clone(); !w.IsZero() {
			if res, done := h.Poll(rouse.NewContext(w.Borrow())); done {
				r.joined(res)
			}
			w.Drop()
		}
	case p < 90:
		h.Detach()
	case p < 93:
		if h.Abort() {
			r.aborts.Add(1)
		}
	default:
		aborts = h.AbortHandle()
	}
	s.mu.Lock()
	s.busy, s.aborts = false, aborts
	if h.IsZero() {
		s.handle = nil
	}
	s.mu.Unlock()
}

func (r *round) joined(res rouse.Result[output]) {
	r.resolved.Add(1)
	var err *rouse.JoinError
	switch {
	case res.Err == nil:
		res.Value.Drop()
	case !errors.As(res.Err, &err) || err.Cause == rouse.CausePanicked && !errors.Is(err, errPlanned):
		r.failf("joined: %v", res.Err)
	}
}
