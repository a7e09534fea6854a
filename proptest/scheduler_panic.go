package proptest

import (
	"errors"
	"runtime"

	"github.com/rouse-go/rouse"
)

// harm spawns tasks of which every other does harm in its only poll.
func (t *trial) harm(o rouse.Options, detached bool, do func()) (harmful, others []*probe) {
	for range 10 {
		p := &probe{t: t, poll: func(*probe, rouse.Context) bool { do(); return true }}
		t.spawned(p, o)
		if detached {
			p.handle.Detach()
		}
		harmful = append(harmful, p)
		others = append(others, t.spawn(nil))
	}
	return
}

func joinedPanics(t *trial) {
	harmful, others := t.harm(rouse.Options{}, false, func() { panic("a poll that panics") })
	t.await(func() bool { return each(harmful, finished) && each(others, finished) })
	t.ready(others, 1)
	for _, p := range harmful {
		if res, done := p.handle.TryJoin(); !done || !errors.Is(res.Err, rouse.ErrPanicked) {
			t.fatalf("a task that panicked ends with %v, want its panic: a scheduler does not recover inside a Poll; Notified.Run has done so already", res.Err)
		}
	}
}

// outOfRun is what the process ends with where nothing recovers it.
const outOfRun = "a poll that panics, of proptest.TestScheduler, which came out of Notified.Run: if it has ended the process, the scheduler does not recover around Run, and must not promise SurvivesPanics"

func detachedPanics(t *trial) {
	harmful, others := t.harm(rouse.Options{}, true, func() { panic(outOfRun) })
	t.afterHarm(harmful, others, "panic that came out of Notified.Run", "recover around Run, and go on with the next")
}

func exits(t *trial) {
	harmful, others := t.harm(rouse.Options{}, true, runtime.Goexit)
	t.afterHarm(harmful, others, "Goexit in a Poll", "start a new goroutine by defer, where the one that called Run ends")
}

func (t *trial) afterHarm(harmful, others []*probe, what, remedy string) {
	dropped := func(p *probe) bool { return p.drops.Load() == 1 }
	if !t.await(func() bool { return each(harmful, dropped) && each(others, finished) }) {
		t.fatalf("after a %s %d of %d other tasks were run: %s", what, count(others, finished), len(others), remedy)
	}
	t.ready(others, 1)
}
