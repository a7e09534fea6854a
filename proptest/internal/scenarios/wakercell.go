//go:build rouse_explore

package scenarios

import (
	"fmt"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A place is a WakerCell, an event that is signalled through it, and those who wait there.
type place struct {
	w      *world
	cell   rouse.WakerCell
	event  explore.Uint64 // the events that have come
	closed explore.Ghost[bool]
	data   [2]explore.Var[int] // by signaller
	done   [2]explore.Ghost[bool]
	count  int // registrars
	exact  bool
}

func newPlace(w *world) *place {
	p := &place{w: w}
	w.x.Name(p, "place")
	w.x.Format(p, func(v uint64) string { return fmt.Sprintf("%#x", v) }) // no word of a task
	w.before = append(w.before, p.final)
	return p
}

// final takes what is left, before the accounts are checked.
func (p *place) final() {
	//wakervet:allow wakerleak it is one of the tasks that are looked at
	v, ok := p.cell.Take()
	if !ok {
		return
	}
	p.w.x.Assert(!p.closed.Get(), "a waker is in a closed WakerCell")
	r, own := v.Borrow().Task()
	if !own {
		v.Drop()
		return
	}
	for _, t := range p.w.tasks {
		if t.h == r.Header() {
			t.assert(!p.exact || t.ready.v == 0, "it has not to wait any more, and its waker is left")
			t.counts(1)
			t.drop(&v)
		}
	}
}

// signaller makes an event true, for the tasks that watch too, then wakes.
func (p *place) signaller(i int, wake func(), watch ...*task) {
	p.w.Go(fmt.Sprintf("signal%d", i+1), func() {
		p.data[i].Set(1)
		p.event.Add(1)
		for _, t := range watch {
			t.signal()
		}
		p.w.x.Do(wake)
		p.done[i].Set(true)
	})
}

func (p *place) wake() { p.cell.Wake() }

// takes is a Wake in two.
func (p *place) takes() {
	if v, ok := p.cell.Take(); ok {
		v.Wake()
	}
}

// register registers, and checks that it sees what was written before the wakes that had returned.
func (p *place) register(r rouse.WakerRef) bool {
	return explore.Do(p.w.x, func() bool {
		var done [len(p.data)]bool
		for i := range done {
			done[i] = p.done[i].Get()
		}
		open := p.cell.Register(r)
		for i := range done {
			if open && done[i] {
				p.w.x.Assert(p.data[i].Get() == 1, "a Register does not see what was written before a Wake")
			}
		}
		return open
	})
}

// registrar waits for n events: it registers first, looks for the event after, and sleeps until
// it is woken; to be never woken is a failure. It leaves if the cell is closed. lone says that no
// other task displaces it, so that it waits on; others is how often it registers before, with
// another waker and then with its own.
func (p *place) registrar(n int, lone bool, others int) {
	s, z := p.w.spy(), p.w.spy()
	p.count++
	p.w.x.Go(fmt.Sprintf("registrar%d", p.count), func() {
		for first := true; first || lone; first = false {
			p.w.x.At("register")
			for range others {
				p.register(z.cx().Waker())
				p.register(s.cx().Waker())
			}
			seen := s.wakes.Get()
			if !p.register(s.cx().Waker()) {
				p.w.x.Assert(p.closed.Get(), "an open WakerCell refuses")
				return
			}
			if p.event.Load() >= uint64(n) {
				return
			}
			p.w.x.Await("woken", func() bool { return s.wakes.Get() > seen })
		}
	})
}

// closer closes the cell.
func (p *place) closer() {
	p.w.Go("close", func() {
		p.closed.Set(true)
		p.cell.Close()
	})
}

// watch makes the task wait at the place: its first polls register, then look for the event.
func (p *place) watch(t *task, polls int) {
	t.before = func(cx rouse.Context) {
		if t.polls.v <= polls {
			p.register(cx.Waker())
		}
		p.event.Load()
	}
}

// until makes the task wait at the place by WaitUntil, for n events. It leaves no waker there.
func (p *place) until(t *task, n int) {
	p.exact = true
	t.before = func(cx rouse.Context) {
		holds, ready := p.cell.WaitUntil(cx, func() bool {
			p.event.Load()
			return t.events.g.Get() >= n
		})
		p.w.x.Assert(ready == holds || p.closed.Get(), "an open WakerCell refuses")
	}
}

// watched is the body of a scenario of a task that waits for n events, one from each of wakes.
func watched(n, selfs int, s spawn, closes bool, wakes ...func(p *place) func()) func(w *world) {
	return watchedBy(func(p *place, t *task) { p.watch(t, never) }, n, selfs, s, closes, wakes...)
}

// watchedUntil is watched, by WaitUntil.
func watchedUntil(n, selfs int, s spawn, closes bool, wakes ...func(p *place) func()) func(w *world) {
	return watchedBy(func(p *place, t *task) { p.until(t, n) }, n, selfs, s, closes, wakes...)
}

func watchedBy(watch func(p *place, t *task), n, selfs int, s spawn, closes bool, wakes ...func(p *place) func()) func(w *world) {
	return func(w *world) {
		p := newPlace(w)
		t := w.newTask("a")
		watch(p, t)
		t.need, t.selfs = n, selfs
		t.mustReady = !closes
		if closes {
			t.may(orphaned)
			p.closer()
		}
		t.spawn(s)
		t.h.ID()
		for i, f := range wakes {
			p.signaller(i, f(p), t)
		}
		w.executors(1)
	}
}

// displaced is the body of a scenario of two tasks that register once each: the one that loses
// its place is woken, and then nobody can wake it any more.
func displaced(s spawn) func(w *world) {
	return func(w *world) {
		p := newPlace(w)
		for _, name := range []string{"a", "b"} {
			t := w.newTask(name)
			p.watch(t, 1)
			t.need = 1
			t.may(orphaned)
			t.spawn(s)
		}
		p.signaller(0, p.wake, w.tasks...)
		w.executors(2)
	}
}

// brokenPlace is the body of a scenario of two registrars, and a Close; of the first's waker an
// operation panics the first time. What is left in the cell is woken all the same.
func brokenPlace(arm func(s *spy, f func())) func(w *world) {
	return func(w *world) {
		p := newPlace(w)
		s, z := w.spy(), w.spy()
		fired, in := new(explore.Ghost[bool]), new(explore.Ghost[bool])
		arm(s, func() {
			if !w.resting && !fired.Get() {
				fired.Set(true)
				panic(errRaised)
			}
		})
		guarded := func(f func()) {
			defer func() {
				if v := recover(); v != nil {
					w.x.Assert(v == any(errRaised), "raised %v", v)
				}
			}()
			f()
		}
		w.Go("register1", func() {
			guarded(func() { p.cell.Register(s.cx().Waker()) })
			guarded(s.drop) // the cell may have the last one now
		})
		w.Go("register2", func() {
			guarded(func() {
				in.Set(true)
				in.Set(p.cell.Register(z.cx().Waker()))
			})
		})
		w.Go("close", func() {
			p.closed.Set(true)
			guarded(p.cell.Close)
		})
		w.x.Final(func() {
			w.x.Assert(!in.Get() || z.wakes.Get() > 0, "a waker that was registered was not woken by Close")
		})
	}
}

// taking is the body of a scenario of n threads that take, or close, what one registers.
func taking(n int, take func(p *place)) func(w *world) {
	return func(w *world) {
		p := newPlace(w)
		s := w.spy()
		w.Go("register", func() { p.cell.Register(s.cx().Waker()) })
		for i := range n {
			w.Go(fmt.Sprintf("take%d", i+1), func() { take(p) })
		}
		w.x.Final(func() { w.x.Assert(s.wakes.Get() <= 1, "woken %d times for one registration", s.wakes.Get()) })
	}
}

func signals(p *place) func() { return p.wake }
func takes(p *place) func()   { return p.takes }

// registering is the body of a scenario of registrars that are no tasks.
func registering(f ...func(p *place)) func(w *world) {
	return func(w *world) {
		p := newPlace(w)
		for _, f := range f {
			f(p)
		}
	}
}

func waits(n int) func(p *place)      { return func(p *place) { p.registrar(n, true, 0) } }
func alternates(n int) func(p *place) { return func(p *place) { p.registrar(n, true, 1) } }
func waitsOnce(p *place)              { p.registrar(1, false, 0) }
func signals1(p *place)               { p.signaller(0, p.wake) }
func signals2(p *place)               { p.signaller(1, p.wake) }
func takes2(p *place)                 { p.signaller(1, p.takes) }

var wakerCells = []Scenario{
	{"WakerCell", "register, wake", registering(waits(1), signals1), false},
	{"WakerCell", "register, 2 wakes", registering(waits(2), signals1, signals2), false},
	{"WakerCell", "register, wake, take", registering(waits(2), signals1, takes2), false},
	{"WakerCell", "register by 2 wakers in turn, 2 wakes", registering(alternates(2), signals1, signals2), false},
	{"WakerCell", "register, wake, close", registering(waits(2), signals1, (*place).closer), false},
	{"WakerCell", "register, take, close", registering(waits(2), takes2, (*place).closer), false},
	{"WakerCell", "2 registrars, wake", registering(waitsOnce, waitsOnce, signals1), false},
	{"WakerCell", "2 registrars, wake, take", registering(waitsOnce, waitsOnce, signals1, takes2), false},
	{"WakerCell", "2 registrars, wake, close", registering(waitsOnce, waitsOnce, signals1, (*place).closer), false},
	{"WakerCell", "3 registrars, wake", registering(waitsOnce, waitsOnce, waitsOnce, signals1), true},
	{"WakerCell", "register, 2 takes", taking(2, (*place).takes), false},
	{"WakerCell", "register, 3 takes", taking(3, (*place).takes), false},
	{"WakerCell", "register, 2 closes", taking(2, func(p *place) {
		p.closed.Set(true)
		p.cell.Close()
	}), false},
	{"WakerCell", "2 registrars, close, wake panics", brokenPlace(func(s *spy, f func()) { s.onWake = f }), false},
	{"WakerCell", "2 registrars, close, drop panics", brokenPlace(func(s *spy, f func()) { s.onDrop = f }), false},
	{"WakerCell", "a task, 2 wakes", watched(2, 0, detachedO, false, signals, signals), false},
	{"WakerCell", "a task that registers twice, wake", watched(1, 1, detachedO, false, signals), false},
	{"WakerCell", "a task that registers twice, wake, take", watched(2, 1, detachedO, false, signals, takes), false},
	{"WakerCell", "a task, wake, take", watched(2, 0, detachedO, false, signals, takes), false},
	{"WakerCell", "a task, wake, close", watched(1, 0, detachedO, true, signals), false},
	{"WakerCell", "a task, wake, take, close", watched(2, 0, detachedO, true, signals, takes), false},
	{"WakerCell", "an uncounted task, wake, take", watched(2, 0, spawn{Options: rouse.Options{Uncounted: true}}, false, signals, takes), false},
	{"WakerCell", "2 tasks, wake, 2 runners", displaced(detachedO), false},
	{"WakerCell", "WaitUntil, wake", watchedUntil(1, 0, detachedO, false, signals), false},
	{"WakerCell", "WaitUntil, twice, wake", watchedUntil(1, 1, detachedO, false, signals), false},
	{"WakerCell", "WaitUntil, 2 wakes", watchedUntil(2, 0, detachedO, false, signals, signals), false},
	{"WakerCell", "WaitUntil, wake, take", watchedUntil(2, 0, detachedO, false, signals, takes), false},
	{"WakerCell", "WaitUntil, wake, close", watchedUntil(1, 0, detachedO, true, signals), false},
	{"WakerCell", "WaitUntil, wake, take, close", watchedUntil(2, 0, detachedO, true, signals, takes), false},
	{"WakerCell", "WaitUntil, twice, by an uncounted task, wake, take", watchedUntil(2, 1, spawn{Options: rouse.Options{Uncounted: true}}, false, signals, takes), false},
}
