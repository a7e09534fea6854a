package rouse

import (
	"context"
	"sync/atomic"
	"time"
	"unsafe"
)

// A Parker is where one goroutine, a worker for example, sleeps until another
// goroutine tells it to go on. It holds at most one permit. Unpark leaves the
// permit; Park takes it, and sleeps as long as there is none:
//
//	// the worker                    // anybody
//	for {                            queue.Push(n)
//		n, ok := queue.Pop()         parker.Unpark()
//		if !ok {
//			parker.Park()
//			continue
//		}
//		n.Run()
//	}
//
// A Park that takes a permit happens after all Unparks since the Park before:
// what was written before any of them is visible. Park never returns without a
// permit.
//
// The zero Parker is ready, and has no permit. It must not be copied. Unpark is
// safe for concurrent use by multiple goroutines. All other methods belong to
// one goroutine at a time, and a second one that parks panics.
//
// A Parker sleeps in a channel, which it makes the first time it is about to
// sleep. After that nothing allocates. The idea is that of the parker in Rust's
// standard library (std::thread::park).
type Parker struct {
	_ [0]atomic.Uint64 // 64-bit alignment on 32-bit machines; go vet flags copies

	// state is parkerAwake, parkerPermit or parkerAsleep. The goroutine that
	// parks adds -1: a permit is gone then, or it is asleep. Unpark swaps
	// parkerPermit in; if that ended a sleep it owes the sleeper one token.
	state word

	// bed is written by the goroutine that parks, before it is asleep, and used
	// by the Unpark that ends the sleep.
	bed bed

	waker Waker
}

const (
	parkerAwake  = 0
	parkerPermit = 1
	parkerAsleep = ^uint64(0)
)

// Unpark leaves a permit, and ends the sleep of the goroutine that parks, if it
// is asleep. A permit that is there already stays one permit. Cost: one atomic
// swap; to end a sleep, a send to a channel besides.
func (p *Parker) Unpark() {
	if old := p.state.Swap(parkerPermit); old != parkerAwake && old != parkerPermit {
		p.bed.wake()
	}
}

// Park takes the permit. It sleeps until there is one. Cost: one atomic add; to
// sleep, one atomic swap and a receive from a channel besides.
func (p *Parker) Park() {
	if p.lieDown() {
		return
	}
	p.bed.sleep()
	p.state.Swap(parkerAwake)
}

// ParkTimeout is Park, but sleeps for d at most. It reports whether it took a
// permit. If d is not positive it does not sleep. Cost: that of Park; to sleep,
// a timer besides, which is allocated once.
func (p *Parker) ParkTimeout(d time.Duration) bool {
	if p.lieDown() {
		return true
	}
	return p.getUp(d > 0 && p.bed.sleepFor(d))
}

// ParkContext is Park, but sleeps until ctx ends at most. It returns nil if it
// took a permit, and context.Cause(ctx) if ctx has ended. A ctx that had ended
// before leaves the permit where it is. Cost: that of Park, and ctx.Err.
func (p *Parker) ParkContext(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if p.lieDown() || p.getUp(p.bed.sleepUntil(ctx)) {
		return nil
	}
	return context.Cause(ctx)
}

// lieDown takes the permit, or says that the goroutine is asleep. Before: awake
// or permit. After: awake, or asleep. RMWs: 1.
func (p *Parker) lieDown() (permit bool) {
	p.bed.ready()
	switch p.state.Add(^uint64(0)) {
	case parkerAwake:
		return true
	case parkerAsleep:
		return false
	}
	panic("rouse: Parker: two goroutines park at the same time")
}

// getUp ends a sleep: woken says that the token was received. It reports whether
// there was a permit. Before: asleep or permit. After: awake. RMWs: 1.
func (p *Parker) getUp(woken bool) (permit bool) {
	if p.state.Swap(parkerAwake) != parkerPermit {
		return false
	}
	if !woken {
		// The Unpark that came between owes a token, and it must not be left
		// for the next sleep. It is sent at once: that Unpark runs no user code.
		p.bed.sleep()
	}
	return true
}

// WakerRef returns a waker that calls Unpark. It is borrowed, and valid as long
// as p is: Clone it to keep it. It is for the goroutine that parks, which polls
// a future with it. Cost: nothing; the first call allocates the waker.
func (p *Parker) WakerRef() WakerRef {
	if p.waker.IsZero() {
		p.waker.p = newBox(RawWaker{unsafe.Pointer(p), parkerWakerVTable}, uncounted)
	}
	return p.waker.Borrow()
}

// parkerWakerVTable is of wakers whose data is a Parker.
var parkerWakerVTable = collected(func(p unsafe.Pointer) { (*Parker)(p).Unpark() })

// BlockOn polls f on the calling goroutine until it is ready, and returns its
// output. The goroutine sleeps while f is pending. If ctx ends while f is
// pending, BlockOn gives f up and returns context.Cause(ctx); f is polled once
// even if ctx has ended before. It must not be called by a task: its worker
// could run nothing else.
//
// If f has a method Drop(), it is called once, at the end, whatever the end is.
// A panic or a runtime.Goexit in f goes on to the caller; an output that is lost
// by a panic in Drop is dropped too. f may keep clones of its waker: they do
// nothing after the end. Cost: 2 allocations, and one more to sleep.
func BlockOn[T any, F Future[T]](ctx context.Context, f F) (T, error) {
	b := &blocking[T, F]{fut: f}
	returned := false
	defer func() {
		if returned {
			b.finish(nil)
		} else {
			b.finish(recovered(recover()))
		}
	}()
	cx := NewContext(b.parker.WakerRef())
	for {
		if b.out, b.ready = b.fut.Poll(cx); b.ready {
			returned = true
			return b.out, nil
		}
		if err := b.parker.ParkContext(ctx); err != nil {
			returned = true
			return *new(T), err
		}
	}
}

// A blocking is what a BlockOn needs, in one allocation.
type blocking[T any, F Future[T]] struct {
	parker  Parker
	fut     F
	out     T
	ready   bool
	dropped bool // the future is, without a panic
}

// finish leaves nothing behind: a waker that f has kept may keep b in memory. v
// is what f panicked with.
func (b *blocking[T, F]) finish(v any) {
	var r raised
	r.add(v)
	step := 0
	r.sweep(func() bool {
		switch step++; step {
		case 1:
			defer func() { b.fut = *new(F) }()
			runDestructor(&b.fut)
			b.dropped = true
		case 2:
			defer func() { b.out = *new(T) }()
			if b.ready && !b.dropped {
				runDestructor(&b.out)
			}
		}
		return step < 2
	})
}
