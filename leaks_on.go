//go:build rouse_debug

package rouse

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
)

// live is the set of the records of handles that were not ended yet, a ring
// through its first member, and what the collector found.
var live struct {
	sync.Mutex
	ring   record
	lost   map[birth]int
	report func(Leak)
}

// A birth is what leaks are grouped by.
type birth struct {
	kind handleKind
	born stack
}

// watch puts h among the living. The cleanup must not lead to h.
func (h *handle) watch() {
	r := h.record
	live.Lock()
	first := &live.ring
	if first.next == nil {
		first.next, first.prev = first, first
	}
	r.prev, r.next = first, first.next
	r.prev.next, r.next.prev = r, r
	live.Unlock()
	runtime.AddCleanup(h, (*record).collected, r)
}

// forget takes r from the living, and reports whether it was there.
func (r *record) forget() bool {
	live.Lock()
	defer live.Unlock()
	return r.unlink()
}

func (r *record) unlink() bool {
	if r.next == nil {
		return false
	}
	r.prev.next, r.next.prev = r.next, r.prev
	r.prev, r.next = nil, nil
	return true
}

// lose moves r from the living to the lost, under one lock, so that Leaks sees it
// always; it returns who is to be told.
func (r *record) lose() (report func(Leak), lost bool) {
	live.Lock()
	defer live.Unlock()
	if !r.unlink() {
		return nil, false
	}
	if live.lost == nil {
		live.lost = map[birth]int{}
	}
	live.lost[birth{r.kind, r.born}]++
	return live.report, true
}

// collected tells of a handle that nobody can end any more.
func (r *record) collected() {
	report, lost := r.lose()
	if !lost {
		return
	}
	l := birth{r.kind, r.born}.leak(1, true)
	if report != nil {
		report(l)
		return
	}
	fmt.Fprintln(os.Stderr, l)
}

func (b birth) leak(n int, collected bool) Leak {
	return Leak{Kind: b.kind.String(), Stack: b.born.String(), Count: n, Collected: collected}
}

// Leaks returns the owned handles that were not consumed, grouped by their kind
// and by the stack that created them. Handles that are still in use come first,
// the largest group first; then those that the garbage collector has found. Leaks
// is safe for concurrent use by multiple goroutines. It returns nil unless the
// program was built with the tag rouse_debug.
func Leaks() []Leak {
	live.Lock()
	alive := map[birth]int{}
	for r := live.ring.next; r != nil && r != &live.ring; r = r.next {
		alive[birth{r.kind, r.born}]++
	}
	leaks := make([]Leak, 0, len(alive)+len(live.lost))
	for b, n := range alive {
		leaks = append(leaks, b.leak(n, false))
	}
	for b, n := range live.lost {
		leaks = append(leaks, b.leak(n, true))
	}
	live.Unlock()
	slices.SortFunc(leaks, func(a, b Leak) int {
		switch {
		case b.Collected && !a.Collected:
			return -1
		case a.Collected && !b.Collected:
			return 1
		}
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Stack, b.Stack))
	})
	return leaks
}

// OnLeak sets the function that is called for each handle that the garbage
// collector found and that was not consumed. Without one, or if f is nil, a
// message is written to standard error. f is called on another goroutine. OnLeak
// is safe for concurrent use by multiple goroutines. It reports whether the
// program was built with the tag rouse_debug; otherwise it does nothing.
func OnLeak(f func(Leak)) bool {
	live.Lock()
	defer live.Unlock()
	live.report = f
	return true
}
