//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A scheduler that closes drops what is in its queue. That ends the tasks, and the destructor of
// one of them wakes another: which comes back to the scheduler.
type closer struct {
	mu     explore.Mutex
	closed explore.Ghost[bool]
	queue  explore.Ghost[[]rouse.Notified]
}

func (c *closer) Schedule(n rouse.Notified, _ rouse.Reason) {
	if !c.push(n) {
		n.Drop()
	}
}

func (c *closer) Yield(n rouse.Notified) { c.Schedule(n, rouse.Yielded) }

func (c *closer) push(n rouse.Notified) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed.Get() {
		return false
	}
	c.queue.Set(append(c.queue.Get(), n))
	return true
}

func (c *closer) close(dropped func([]rouse.Notified)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed.Set(true)
	dropped(c.queue.Get())
	c.queue.Set(nil)
}

func (c *closer) closeUnderLock() { c.close(dropAll) } // the bug

func (c *closer) closeThenDrop() {
	var all []rouse.Notified
	c.close(func(queued []rouse.Notified) { all = queued })
	dropAll(all)
}

func dropAll(all []rouse.Notified) {
	for _, n := range all {
		n.Drop()
	}
}

var dropsUnderItsLock = bug{
	name:   "drops-under-its-lock",
	within: 1,
	fails:  "deadlock: closer in scheduler.mu.Lock",
	format: snapshot,
	faulty: closing((*closer).closeUnderLock),
	right:  closing((*closer).closeThenDrop),
}

// closing closes a scheduler with one task queued, whose destructor wakes the other.
func closing(closeIt func(*closer)) func(*explore.Exec) {
	return func(x *explore.Exec) {
		rouse.Restart()
		c, k := new(closer), new(keeper)
		x.Name(c, "scheduler")
		sleeper := &probe{done: k.keep}
		rouse.SpawnDetached(c, sleeper)
		first := c.queue.Get()[0]
		x.Name(first.Task().Header(), "sleeper")
		first.Run()
		c.queue.Set(nil)
		queued := &wakesAtEnd{keeper: k}
		rouse.SpawnDetached(c, queued)
		x.Name(c.queue.Get()[0].Task().Header(), "queued task")
		x.Go("closer", func() { closeIt(c) })
		x.Final(func() { x.Assert(sleeper.drops.Get() == 1, "%d destructions of the sleeper", sleeper.drops.Get()) })
	}
}

type wakesAtEnd struct {
	probe
	*keeper
}

func (w *wakesAtEnd) Drop() { w.keeper.waker.Wake() }
