//go:build rouse_explore

package scenarios

import (
	"errors"
	"unsafe"

	"github.com/rouse-go/rouse"
)

// A future is the future of a task of level 2. It has one named type, so that a Pool can have it.
type future struct{ t *task }

func (f future) Poll(cx rouse.Context) (output, bool) {
	if f.t.poll(cx) {
		return output{f.t}, true
	}
	return output{}, false
}

func (f future) Drop() { f.t.destroy() }

// An output is what such a task is ready with. The zero one cannot be destroyed.
type output struct{ t *task }

func (o output) Drop() {
	t := o.t
	t.live("the output's destructor")
	t.assert(t.taken.v == 0, "an output that was taken was destroyed")
	t.assert(t.dropped.add(1) == 1, "the output was destroyed twice")
	if t.outEnd != nil {
		t.outEnd()
	}
}

// A bareFuture and its bareOutput have no destructors: the kit ends such a task in a way of its own.
type (
	bareFuture struct{ t *task }
	bareOutput struct{ t *task }
)

func (f bareFuture) Poll(cx rouse.Context) (bareOutput, bool) {
	o, ready := future(f).Poll(cx)
	return bareOutput(o), ready
}

// plain is a task's Scheduler.
type plain struct{ t *task }

func (s plain) Schedule(n rouse.Notified, why rouse.Reason) {
	s.t.hook("Schedule")
	s.t.w.schedule(s.t, n)
}

func (s plain) Yield(n rouse.Notified) {
	s.t.hook("Yield")
	s.t.w.schedule(s.t, n)
}

// hooked is a task's Scheduler with Hooks.
type hooked struct{ plain }

func (s hooked) Panicked(*rouse.JoinError) bool {
	s.t.hook("Panicked")
	return s.t.handled
}

func (s hooked) Terminated(r rouse.RawTask, err *rouse.JoinError) {
	t := s.t
	t.at(r.Header())
	t.live("Terminated")
	t.assert((err == nil) == (t.ready.v == 1) || t.raised.v > 0, "Terminated is told of %v", err)
	t.hook("Terminated")
}

func (s hooked) Unlist(rouse.RawTask) bool {
	s.t.live("Hooks.Unlist")
	s.t.w.step()
	was := s.t.listed.Get()
	s.t.listed.Set(false)
	s.t.hook("Unlist")
	return was
}

func (t *task) hook(name string) {
	if f := t.hooks[name]; f != nil {
		f()
	}
}

// caught is told of a panic that came out of a call into the kit.
func (t *task) caught(v any) {
	err, _ := v.(error)
	t.assert(t.panics && errors.Is(err, errRaised), "raised %v", v)
}

// A spawn says how a task of level 2 is made.
type spawn struct {
	rouse.Options
	pool     *rouse.Pool[output, future]
	detached bool
	bare     bool
	hooks    bool
	keeps    bool // its scheduler keeps orphans
	need     int  // events
	wakers   int  // made when its scheduler first sees it
}

// spawn makes a task of level 2. It is on its scheduler's queue then.
func (t *task) spawn(s spawn) {
	var sched rouse.Scheduler = plain{t}
	if s.hooks {
		sched = hooked{plain{t}}
	}
	if s.keeps {
		sched = keeper{hooked{plain{t}}}
	}
	t.begun = true
	t.level = 2
	t.collected = s.Uncounted
	t.kept = t.kept || s.Uncounted
	if s.bare {
		t.spawnBare(sched, s)
		return
	}
	f := future{t}
	switch {
	case s.pool != nil && s.detached:
		s.pool.SpawnDetached(sched, f)
	case s.pool != nil:
		t.join = s.pool.SpawnWith(sched, f, s.Options)
	case s.detached:
		rouse.SpawnDetached(sched, f)
	default:
		t.join = rouse.SpawnWith(sched, f, s.Options)
	}
}

// spawnBare makes one without destructors. Its Pool and JoinHandle are those of a future, whose
// memory looks the same.
func (t *task) spawnBare(sched rouse.Scheduler, s spawn) {
	t.bare = true
	pool := (*rouse.Pool[bareOutput, bareFuture])(unsafe.Pointer(s.pool))
	join := (*rouse.JoinHandle[bareOutput])(unsafe.Pointer(&t.join))
	f := bareFuture{t}
	switch {
	case s.pool != nil && s.detached:
		pool.SpawnDetached(sched, f)
	case s.pool != nil:
		*join = pool.SpawnWith(sched, f, s.Options)
	case s.detached:
		rouse.SpawnDetached(sched, f)
	default:
		*join = rouse.SpawnWith(sched, f, s.Options)
	}
}
