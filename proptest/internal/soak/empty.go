package main

import (
	"runtime"

	"github.com/rouse-go/rouse"
)

// empty gives back all that is held of the tasks of a closed runtime: then
// each has ended, and is released.
func (r *round) empty() {
	for _, s := range r.slots {
		if h := s.handle; h != nil {
			if h.Abort() {
				r.aborts.Add(1)
			}
			res, done := h.TryJoin()
			if !done {
				r.failf("a JoinHandle of a closed runtime does not resolve")
				continue
			}
			r.joined(res)
		}
		if w, j := s.take(); !w.IsZero() {
			r.wake(&w, j, false)
		}
	}
	for _, s := range r.slots {
		if w, _ := s.take(); !w.IsZero() {
			w.Drop()
		}
	}
	if n := r.owned.Len(); n != 0 {
		r.failf("%d tasks are on the closed list", n)
	}
	r.ledger.audit()
	if rouse.OnLeak(nil) {
		for range 3 {
			runtime.GC()
		}
		for _, l := range rouse.Leaks() {
			r.failf("%v", l)
		}
	}
}
