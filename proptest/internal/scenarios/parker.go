//go:build rouse_explore

package scenarios

import (
	"context"
	"errors"
	"fmt"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A bunk is a Parker, the goroutine that parks there, and others that make work for it.
type bunk struct {
	w     *world
	p     rouse.Parker
	work  explore.Uint64      // that came and was not taken yet
	total int                 // work that comes
	data  [3]explore.Var[int] // written before an Unpark
	told  [3]explore.Ghost[bool]
	over  []*bounded // contexts
	count int        // threads that unpark
}

func newBunk(w *world) *bunk {
	b := &bunk{w: w}
	w.x.Name(b, "bunk")
	w.x.Final(func() {
		w.x.Assert(b.work.Load() == 0, "work is left")
		// One more time: whatever came before, the Parker is as good as new.
		b.p.ParkTimeout(0)
		w.x.Assert(!b.p.ParkTimeout(0), "two permits")
		b.p.Unpark()
		w.x.Assert(b.p.ParkTimeout(0), "an Unpark left no permit")
	})
	return b
}

// unparker makes work, and then unparks, so many times.
func (b *bunk) unparker(times int, unpark func()) {
	i := b.count
	b.count++
	b.total += times
	b.w.Go(fmt.Sprintf("unpark%d", i+1), func() {
		for range times {
			b.work.Add(1)
			b.data[i].Set(1) // no order but the Parker's
			unpark()
		}
		b.told[i].Set(true)
	})
}

// sees does a Park, and checks that what was written before the Unparks that had returned is visible:
// this Park took the permit, or one before it did. park reports whether it looked for one at all.
func (b *bunk) sees(park func() bool) {
	var told [len(b.told)]bool
	for i := range told {
		told[i] = b.told[i].Get()
	}
	looked := park()
	for i := range told {
		if looked && told[i] {
			b.w.x.Assert(b.data[i].Get() == 1, "a Park does not see what was written before an Unpark")
		}
	}
}

// worker takes work until it has all. It parks by each of parks, and then by the last again and again:
// to sleep with work left is a failure. One that gave up looks again.
func (b *bunk) worker(parks ...func() bool) {
	b.w.x.Go("worker", func() {
		for got, i := 0, 0; ; i = min(i+1, len(parks)-1) {
			b.w.x.At("worker", uint64(got), uint64(i))
			if got += int(b.work.Swap(0)); got == b.total {
				b.sees(b.look)
				return
			}
			b.w.x.Do(func() { b.sees(parks[i]) })
		}
	})
}

func (b *bunk) park() bool  { b.p.Park(); return true }
func (b *bunk) short() bool { b.p.ParkTimeout(1); return true }
func (b *bunk) look() bool  { b.p.ParkTimeout(0); return true }

// until parks until a context ends, which another thread does.
func (b *bunk) until() func() bool {
	ctx := &bounded{Context: context.Background()}
	b.over = append(b.over, ctx)
	b.w.x.Name(ctx, "context")
	b.w.x.Go("cancel", func() { ctx.over.Store(true) })
	return func() bool {
		err := b.p.ParkContext(ctx)
		b.w.x.Assert(err == nil || ctx.over.Load(), "%v, and the context has not ended", err)
		return err == nil
	}
}

// parked is the body of a scenario of a worker and others that unpark it.
func parked(f func(b *bunk)) func(w *world) { return func(w *world) { f(newBunk(w)) } }

// blocking is the body of a scenario of a goroutine that blocks on a future, which is ready after so
// many wakes, one by each other thread; or until its context ends.
func blocking(wakes int, ends bool) func(w *world) {
	return func(w *world) {
		f := &sleepy{w: w, need: wakes}
		w.x.Name(f, "future")
		ctx := &bounded{Context: context.Background()}
		w.x.Name(ctx, "context")
		if ends {
			w.x.Go("cancel", func() { ctx.over.Store(true) })
		}
		w.x.Go("block", func() {
			out, err := rouse.BlockOn[int](ctx, f)
			switch {
			case err == nil:
				w.x.Assert(out == 7 && f.ready.Get(), "the output is %d", out)
			default:
				w.x.Assert(ends && errors.Is(err, context.Canceled) && !f.ready.Get(), "it ended by %v", err)
			}
			w.x.Assert(f.dropped.Get() == 1, "the future was dropped %d times", f.dropped.Get())
		})
		for i := range wakes {
			w.Go(fmt.Sprintf("wake%d", i+1), func() {
				f.data[i].Set(1)
				f.events.Add(1)
				f.cell.Wake()
				f.told[i].Set(true)
			})
		}
	}
}

// A sleepy future waits at a WakerCell.
type sleepy struct {
	w       *world
	need    int
	cell    rouse.WakerCell
	events  explore.Uint64
	data    [3]explore.Var[int]
	told    [3]explore.Ghost[bool]
	ready   explore.Ghost[bool]
	dropped explore.Ghost[int]
}

func (f *sleepy) Poll(cx rouse.Context) (int, bool) {
	f.w.x.Assert(f.dropped.Get() == 0 && !f.ready.Get(), "polled after its end")
	f.cell.Register(cx.Waker())
	if int(f.events.Load()) < f.need {
		return 0, false
	}
	for i := range f.need {
		f.w.x.Assert(f.data[i].Get() == 1, "the poll does not see what was written before the wake")
	}
	f.ready.Set(true)
	return 7, true
}

func (f *sleepy) Drop() {
	f.cell.Close()
	f.dropped.Update(func(n int) int { return n + 1 })
}

var parkers = []Scenario{
	{"Parker", "1 unparks", parked(func(b *bunk) { b.unparker(1, b.p.Unpark); b.worker(b.park) }), false},
	{"Parker", "1 unparks twice", parked(func(b *bunk) { b.unparker(2, b.p.Unpark); b.worker(b.park) }), false},
	{"Parker", "2 unpark", parked(func(b *bunk) { b.unparker(1, b.p.Unpark); b.unparker(1, b.p.Unpark); b.worker(b.park) }), false},
	{"Parker", "3 unpark", parked(func(b *bunk) {
		b.unparker(1, b.p.Unpark)
		b.unparker(1, b.p.Unpark)
		b.unparker(1, b.p.Unpark)
		b.worker(b.park)
	}), false},
	{"Parker", "2 unpark, 2 times and 1", parked(func(b *bunk) { b.unparker(2, b.p.Unpark); b.unparker(1, b.p.Unpark); b.worker(b.park) }), false},
	{"Parker", "2 unpark, by its waker", parked(func(b *bunk) {
		v := b.p.WakerRef().Clone()
		c := v.Clone()
		b.unparker(1, v.Wake)
		b.unparker(1, c.WakeByRef)
		b.worker(b.park)
	}), false},
	{"Parker", "timeouts, 2 unpark", parked(func(b *bunk) {
		b.unparker(1, b.p.Unpark)
		b.unparker(1, b.p.Unpark)
		b.worker(b.short, b.short, b.park)
	}), false},
	{"Parker", "no time, timeout, 2 unpark", parked(func(b *bunk) {
		b.unparker(1, b.p.Unpark)
		b.unparker(1, b.p.Unpark)
		b.worker(b.look, b.short, b.park)
	}), false},
	{"Parker", "a context ends, unpark", parked(func(b *bunk) { b.unparker(1, b.p.Unpark); b.worker(b.until(), b.park) }), false},
	{"Parker", "2 contexts end, 2 unpark", parked(func(b *bunk) {
		b.unparker(1, b.p.Unpark)
		b.unparker(1, b.p.Unpark)
		b.worker(b.until(), b.until(), b.park)
	}), false},
	{"Parker", "BlockOn, 1 wakes", blocking(1, false), false},
	{"Parker", "BlockOn, 2 wake", blocking(2, false), false},
	{"Parker", "BlockOn, 3 wake", blocking(3, false), false},
	{"Parker", "BlockOn, 1 wakes, the context ends", blocking(1, true), false},
	{"Parker", "BlockOn, 2 wake, the context ends", blocking(2, true), false},
}
