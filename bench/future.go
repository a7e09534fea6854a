package bench

import (
	"time"

	"github.com/rouse-go/rouse"
)

// shared is what the tasks of one sample share: counters and stored wakers.
// They are polled by one goroutine. The futures are the Rust program's: one
// word each, a pointer to shared.
type shared struct {
	polls, wakes, drops, limit int

	elapsed time.Duration
	wakers  []rouse.Waker
}

type unit = struct{}

// parked is never ready. Its first poll stores a clone of its waker.
type parked struct{ c *shared }

func (p parked) Poll(cx rouse.Context) (unit, bool) {
	p.c.polls++
	if len(p.c.wakers) < p.c.limit {
		p.c.wakers = append(p.c.wakers, cx.Waker().Clone())
	}
	return unit{}, false
}

// Drop counts the ends.
func (p parked) Drop() { p.c.drops++ }

// finished stores its waker and is ready at once: its waker outlives it.
type finished struct{ c *shared }

func (f finished) Poll(cx rouse.Context) (unit, bool) {
	f.c.polls++
	f.c.wakers = append(f.c.wakers, cx.Waker().Clone())
	return unit{}, true
}

type once struct{ c *shared }

func (o once) Poll(rouse.Context) (unit, bool) {
	o.c.polls++
	return unit{}, true
}

type value struct{ c *shared }

func (v value) Poll(rouse.Context) (uint64, bool) {
	v.c.polls++
	return uint64(v.c.polls), true
}

// selfWake wakes itself until it was polled limit times.
type selfWake struct{ c *shared }

func (f selfWake) Poll(cx rouse.Context) (unit, bool) {
	if f.c.polls++; f.c.polls >= f.c.limit {
		return unit{}, true
	}
	f.c.wakes++
	cx.Waker().WakeByRef()
	return unit{}, false
}

// wakeRunning wakes itself by reference limit times while it runs.
type wakeRunning struct{ c *shared }

func (f wakeRunning) Poll(cx rouse.Context) (unit, bool) {
	if f.c.polls++; f.c.polls > 1 {
		return unit{}, true
	}
	start := time.Now()
	for range f.c.limit {
		cx.Waker().WakeByRef()
	}
	f.c.elapsed = time.Since(start)
	f.c.wakes += f.c.limit
	return unit{}, false
}

// cloneWakeRunning clones its waker and wakes the clone by value, limit times,
// while it runs.
type cloneWakeRunning struct{ c *shared }

func (f cloneWakeRunning) Poll(cx rouse.Context) (unit, bool) {
	if f.c.polls++; f.c.polls > 1 {
		return unit{}, true
	}
	start := time.Now()
	for range f.c.limit {
		w := cx.Waker().Clone()
		w.Wake()
	}
	f.c.elapsed = time.Since(start)
	f.c.wakes += f.c.limit
	return unit{}, false
}

// pingPong is one of two tasks that wake each other until they were polled
// limit times between them. wakers[0] and [1] are theirs. limit is even: the
// second task, polled last, ends; the first stays idle.
type pingPong struct {
	c  *shared
	me int
}

func (f *pingPong) Poll(cx rouse.Context) (unit, bool) {
	c := f.c
	c.polls++
	if c.polls <= 2 {
		c.wakers = append(c.wakers, cx.Waker().Clone())
		if c.polls == 1 {
			return unit{}, false
		}
	}
	if c.polls >= c.limit {
		return unit{}, true
	}
	c.wakes++
	c.wakers[1-f.me].WakeByRef()
	return unit{}, false
}

// joiner spawns a child, awaits it, and again, limit times.
type joiner struct {
	c     *shared
	spawn func() rouse.JoinHandle[uint64]
	child rouse.JoinHandle[uint64]
	left  int
	sum   uint64
}

func (f *joiner) Poll(cx rouse.Context) (uint64, bool) {
	for {
		if !f.child.IsZero() {
			res, ready := f.child.Poll(cx)
			if !ready {
				return 0, false
			}
			f.sum += res.Value
			f.left--
		}
		if f.left == 0 {
			return f.sum, true
		}
		f.child = f.spawn()
	}
}
