//go:build rouse_explore

package gallery

import (
	"fmt"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// goroutines returns what stands for the go statement: it starts a thread.
func goroutines(x *explore.Exec, name string) (spawn func(func())) {
	started := new(explore.Ghost[int])
	x.Name(started, name+"s")
	return func(f func()) {
		increment(started)
		x.Go(fmt.Sprintf("%s %d", name, started.Get()), f)
	}
}

func increment(n *explore.Ghost[int]) { n.Set(n.Get() + 1) }

// A host is a scheduler that runs each Notified on a goroutine of its own.
type host struct {
	spawn    func(func())
	released explore.Ghost[int] // tasks
	setup    *rouse.Notified
}

func newHost(x *explore.Exec) *host {
	rouse.Restart()
	h := &host{spawn: goroutines(x, "run")}
	x.Name(h, "host")
	rouse.Released = func(rouse.RawTask) { increment(&h.released) }
	return h
}

// retire makes it a failure to touch a task after its release.
func (h *host) retire(x *explore.Exec) {
	rouse.Released = func(t rouse.RawTask) {
		increment(&h.released)
		x.Retire(t.Header())
	}
}

func (h *host) Schedule(n rouse.Notified, why rouse.Reason) {
	if h.setup != nil && why == rouse.Spawned {
		*h.setup = n
		return
	}
	h.spawn(n.Run)
}

func (h *host) Yield(n rouse.Notified) { h.spawn(n.Run) }

// main returns h for a task that is spawned during setup, and run there by runMain.
func (h *host) main() *host {
	h.setup = new(rouse.Notified)
	return h
}

func (h *host) runMain() {
	n := *h.setup
	h.setup = nil
	n.Run()
}

// A probe is a future that counts. It is ready, with the number of its polls, when done says so;
// if done is nil, at once.
type probe struct {
	done  func(cx rouse.Context) bool
	polls explore.Ghost[int]
	drops explore.Ghost[int]
}

func (p *probe) Poll(cx rouse.Context) (int, bool) {
	increment(&p.polls)
	return p.polls.Get(), p.done == nil || p.done(cx)
}

func (p *probe) Drop() { increment(&p.drops) }

// A keeper keeps the waker of a poll, for somebody else.
type keeper struct {
	waker rouse.Waker
	kept  bool
}

// keep is a poll that is ready once it is polled again.
func (k *keeper) keep(cx rouse.Context) (again bool) {
	if k.kept {
		return true
	}
	k.kept, k.waker = true, cx.Waker().Clone()
	return false
}

// join polls j that many times in a row, then whenever it is woken, until it is ready.
func join(x *explore.Exec, j *rouse.JoinHandle[int], polls int) rouse.Result[int] {
	woken := new(explore.Ghost[bool])
	w := rouse.FuncWaker(func() { woken.Set(true) })
	for {
		for range polls {
			if res, ready := j.Poll(rouse.NewContext(w.Borrow())); ready {
				return res
			}
		}
		x.Await("the wake of the joiner", woken.Get)
		woken.Set(false)
	}
}
