package proptest_test

import (
	"errors"
	"slices"

	"github.com/rouse-go/rouse"
)

// A waker is an owned one, and who it wakes.
type waker struct {
	rouse.Waker
	target
}

// An op is an operation on a world, to be applied to whatever there is: a and b
// choose among it.
type op struct{ kind, a, b int }

// opKinds can be done anywhere, also inside a poll.
var opKinds = []struct {
	name string
	do   func(w *world, in *within, a, b int)
}{
	{"spawn", func(w *world, _ *within, a, b int) { w.spawn(a, b) }},
	{"clone", func(w *world, in *within, a, _ int) {
		ref, t := w.borrow(in, a)
		w.cloned(t)
		w.wakers = append(w.wakers, &waker{ref.Clone(), t})
	}},
	{"wake by ref", func(w *world, in *within, a, _ int) {
		ref, t := w.borrow(in, a)
		w.wakeRef(t)
		ref.WakeByRef()
	}},
	{"wake", func(w *world, _ *within, a, _ int) {
		if k := w.takeWaker(a); k != nil {
			w.wakeVal(k.target)
			k.Wake()
		}
	}},
	{"drop", func(w *world, _ *within, a, _ int) {
		if k := w.takeWaker(a); k != nil {
			w.gone(k.target)
			k.Drop()
		}
	}},
	{"abort", func(w *world, _ *within, a, b int) { w.abort(a, b) }},
	{"abort handle", func(w *world, _ *within, a, _ int) {
		if u := w.joinable(a); u != nil {
			u.aborts = append(u.aborts, u.handle.AbortHandle())
		}
	}},
	{"poll join", func(w *world, in *within, a, b int) {
		if u := w.joinable(a); u != nil {
			ref, t := w.borrow(in, b)
			w.pollJoin(u, ref, t)
		}
	}},
	{"try join", func(w *world, _ *within, a, _ int) {
		if u := w.joinable(a); u != nil {
			w.tryJoin(u)
		}
	}},
	{"detach", func(w *world, _ *within, a, _ int) {
		if u := w.joinable(a); u != nil {
			w.detach(u)
		}
	}},
	{"shut down", func(w *world, _ *within, a, _ int) {
		if a%4 == 0 {
			w.shutdown()
		}
	}},
	{"shut down one", func(w *world, _ *within, a, _ int) { w.shutdownOne(a) }},
}

func (w *world) do(o op, in *within) { opKinds[o.kind].do(w, in, o.a, o.b) }

// borrow returns the waker of the poll under way, one of those that are held,
// or a bell's.
func (w *world) borrow(in *within, a int) (rouse.WakerRef, target) {
	if in != nil && a%2 == 0 {
		return in.ref, target{u: in.u}
	}
	if a /= 2; a%4 != 0 && len(w.wakers) > 0 {
		k := w.wakers[a%len(w.wakers)]
		return k.Borrow(), k.target
	}
	i := a % len(w.bells)
	return w.bells[i].ref(), target{bell: i}
}

func (w *world) takeWaker(a int) *waker {
	if len(w.wakers) == 0 {
		return nil
	}
	a %= len(w.wakers)
	k := w.wakers[a]
	w.wakers = slices.Delete(w.wakers, a, a+1)
	return k
}

// joinable returns a unit whose JoinHandle exists, or nil.
func (w *world) joinable(a int) *unit {
	for i := range w.units {
		if u := w.units[(a+i)%len(w.units)]; u.life.handle {
			return u
		}
	}
	return nil
}

func (w *world) spawn(a, b int) {
	o := rouse.Options{NoOrphanCheck: a&1 != 0, Uncounted: a&6 == 6}
	u := &unit{w: w, id: len(w.units), pooled: a&8 != 0, listed: b&2 != 0, handle: new(rouse.JoinHandle[out])}
	var s rouse.Scheduler = w
	if u.hooked = b&1 != 0; u.hooked {
		s = keeper{w}
		u.hookListed = !u.listed && b&8 != 0
	}
	if u.listed {
		o.Owned = &w.owned
	}
	o.Listed = u.hookListed
	u.asked = o
	u.life = life{owned: u.listed || u.hookListed, counted: !o.Uncounted, orphanable: !o.NoOrphanCheck && !o.Uncounted, handle: true, phase: granted}
	u.keep = u.hooked && u.orphanable
	detached := !u.owned && a&7 == 0 && b&4 != 0
	u.life.handle = !detached
	w.units = append(w.units, u)
	if u.listed && w.ownedClosed {
		u.listed, u.owned, u.cause = false, false, rouse.CauseShutdown
		u.begin()
		w.end(u, pend, rouse.CauseShutdown)
	} else {
		w.effect(u, submit, rouse.Spawned)
	}
	w.spawning = u
	switch {
	case detached && u.pooled:
		w.pool.SpawnDetached(s, future{u})
	case detached:
		rouse.SpawnDetached(s, future{u})
	case u.pooled:
		*u.handle = w.pool.SpawnWith(s, future{u}, o)
	default:
		*u.handle = rouse.SpawnWith(s, future{u}, o)
	}
	w.spawning = nil
}

func (w *world) abort(a, b int) {
	if len(w.units) == 0 {
		return
	}
	u := w.units[a%len(w.units)]
	var abort func() bool
	switch {
	case len(u.aborts) > 0 && b%2 == 0:
		abort = u.aborts[0].Abort
	case u.life.handle:
		abort = u.handle.Abort
	default:
		return
	}
	e, recorded := u.life.abort(rouse.CauseAborted)
	w.effect(u, e, rouse.Cancelled)
	if got := abort(); got != recorded {
		w.errorf("Abort of task %d reports %v, want %v", u.id, got, recorded)
	}
}

// shutdown closes the owner list. In which order it comes to the tasks is its
// business: the model follows it.
func (w *world) shutdown() {
	w.ownedClosed = true
	w.dropped = nil
	w.owned.CloseAndShutdownAll()
	for _, u := range append(w.dropped, w.units...) {
		if u.listed && (u.phase == idle || !slices.Contains(w.dropped, u)) {
			u.listed = false
			w.effect(u, u.life.shutdown(), rouse.Cancelled)
		}
	}
	w.dropped = nil
}

// run runs the first task of the queue; drop gives up its run instead.
func (w *world) run(script []op, r result, drop bool) {
	n, ok := w.queue.Pop()
	if !ok || len(w.order) == 0 {
		if ok || len(w.order) > 0 {
			w.errorf("the queue has %v, want %d", ok, len(w.order))
		}
		return
	}
	u := w.order[0]
	w.order = w.order[1:]
	if got := w.byTask[n.Task()]; got != u {
		w.errorf("the queue has task %d, want %d", got.id, u.id)
		return
	}
	cancelled := u.begin()
	if drop {
		w.end(u, pend, rouse.CauseDropped)
		n.Drop()
		return
	}
	if cancelled {
		w.end(u, pend, u.cause)
		n.Run()
		return
	}
	u.script, u.result = script, r
	u.wantPolls++
	v := panicOf(n.Run)
	w.polled(u, v)
}

// polled is what follows of a poll; v is what came out of Run.
func (w *world) polled(u *unit, v any) {
	escapes := u.result == fail && !u.life.handle && !u.deals()
	if err, _ := v.(error); escapes != (v != nil) || escapes && !errors.Is(err, errPoll) {
		w.errorf("task %d: %v came out of Run, want a panic: %v", u.id, v, escapes)
	}
	switch woken := u.again; {
	case u.result != pend:
		w.end(u, u.result, rouse.CausePanicked)
	case woken:
		w.effect(u, u.life.pend(), rouse.Yielded)
	default:
		w.effect(u, u.life.pend(), rouse.Cancelled)
	}
}
