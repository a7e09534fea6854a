package proptest_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest"
)

// A RunQueue is a scheduler by itself.
func TestRunQueueAsScheduler(t *testing.T) {
	proptest.TestScheduler(t, func() proptest.SchedulerUnderTest {
		q := new(rouse.RunQueue)
		drive := func() {
			for q.RunOne() {
			}
		}
		return proptest.SchedulerUnderTest{Scheduler: q, Drive: drive, Close: q.Close, FIFO: true, FairYield: true}
	})
}

// A team is hands that steal from each other, and park when there is nothing.
type team struct {
	shared  rouse.SharedQueue
	hands   []*hand
	next    atomic.Uint32 // who is unparked next
	due     atomic.Int64  // Notifieds whose run has not returned
	closing atomic.Bool
	over    sync.WaitGroup
}

type hand struct {
	queue  rouse.StealQueue
	parker rouse.Parker
}

func newTeam(n int) *team {
	c := new(team)
	for range n {
		c.hands = append(c.hands, new(hand))
	}
	c.over.Add(n)
	for _, h := range c.hands {
		go c.work(h)
	}
	return c
}

func (c *team) Schedule(n rouse.Notified, _ rouse.Reason) {
	c.due.Add(1)
	c.shared.Push(n)
	c.hands[c.next.Add(1)%uint32(len(c.hands))].parker.Unpark()
}

func (c *team) Yield(n rouse.Notified) { c.Schedule(n, rouse.Yielded) }

func (c *team) find(h *hand) (n rouse.Notified, ok bool) {
	if n, ok = h.queue.Pop(); ok {
		return
	}
	if n, ok = h.queue.Take(&c.shared); ok {
		return
	}
	for _, other := range c.hands {
		if n, ok = h.queue.Steal(&other.queue); ok {
			return
		}
	}
	return
}

func (c *team) work(h *hand) {
	defer c.over.Done()
	for !c.closing.Load() {
		if n, ok := c.find(h); ok {
			n.Run()
			c.due.Add(-1)
		} else {
			h.parker.Park()
		}
	}
	for n, ok := h.queue.Pop(); ok; n, ok = h.queue.Pop() {
		n.Drop()
	}
}

func (c *team) rest() {
	for c.due.Load() > 0 {
		runtime.Gosched()
	}
}

func (c *team) close() {
	c.closing.Store(true)
	for _, h := range c.hands {
		h.parker.Unpark()
	}
	c.over.Wait()
	c.shared.Close()
}

func TestTeam(t *testing.T) {
	for _, n := range []int{1, 3} {
		proptest.TestScheduler(t, func() proptest.SchedulerUnderTest {
			c := newTeam(n)
			return proptest.SchedulerUnderTest{Scheduler: c, Drive: c.rest, Close: c.close, Timeout: time.Minute}
		})
	}
}
