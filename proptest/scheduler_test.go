package proptest_test

import (
	"sync"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest"
)

// crew is a scheduler with goroutines of its own.
type crew struct {
	rouse.NoHooks
	mu      sync.Mutex
	changed sync.Cond // of what follows
	queue   []rouse.Notified
	busy    int
	closed  bool
	listed  map[rouse.RawTask]bool
}

func newCrew(workers int) *crew {
	c := &crew{listed: map[rouse.RawTask]bool{}}
	c.changed.L = &c.mu
	for range workers {
		go c.work()
	}
	return c
}

func (c *crew) Schedule(n rouse.Notified, why rouse.Reason) {
	c.mu.Lock()
	if why == rouse.Spawned && !n.Task().Snapshot().Unowned() {
		c.listed[n.Task()] = true
	}
	closed := c.closed
	if !closed {
		c.queue = append(c.queue, n)
		c.changed.Broadcast()
	}
	c.mu.Unlock()
	if closed {
		n.Drop()
	}
}

func (c *crew) Yield(n rouse.Notified) { c.Schedule(n, rouse.Yielded) }

func (c *crew) Unlist(t rouse.RawTask) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.listed[t]
	delete(c.listed, t)
	return was
}

func (c *crew) Panicked(*rouse.JoinError) bool { return true }

// work goes on with a new goroutine where a task ends the old one.
func (c *crew) work() {
	over := false
	defer func() {
		if !over {
			c.mu.Lock()
			c.busy--
			c.changed.Broadcast()
			c.mu.Unlock()
			go c.work()
		}
	}()
	c.mu.Lock()
	for !c.closed {
		if len(c.queue) == 0 {
			c.changed.Wait()
			continue
		}
		n := c.queue[0]
		c.queue = c.queue[1:]
		c.busy++
		c.mu.Unlock()
		n.Run()
		c.mu.Lock()
		c.busy--
		c.changed.Broadcast()
	}
	c.mu.Unlock()
	over = true
}

// rest waits until the workers have nothing to do.
func (c *crew) rest() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.queue) > 0 || c.busy > 0 {
		c.changed.Wait()
	}
}

func (c *crew) close() {
	c.mu.Lock()
	c.closed = true
	queue, listed := c.queue, c.listed
	c.queue, c.listed = nil, map[rouse.RawTask]bool{}
	c.changed.Broadcast()
	c.mu.Unlock()
	for _, n := range queue {
		n.Drop()
	}
	for t := range listed {
		t.Shutdown()
	}
}

func (c *crew) underTest() proptest.SchedulerUnderTest {
	return proptest.SchedulerUnderTest{
		Scheduler: c, Drive: c.rest, Close: c.close,
		FairYield: true, SurvivesPanics: true, SurvivesGoexit: true, Listed: true,
	}
}

func TestCrew(t *testing.T) {
	for _, workers := range []int{1, 4} {
		proptest.TestScheduler(t, func() proptest.SchedulerUnderTest {
			s := newCrew(workers).underTest()
			s.FIFO = workers == 1
			return s
		})
	}
}

// Without a way to drive it the suite waits for what it expects.
func TestCrewWithoutDrive(t *testing.T) {
	proptest.TestScheduler(t, func() proptest.SchedulerUnderTest {
		s := newCrew(2).underTest()
		s.Drive, s.Timeout = nil, time.Minute
		return s
	})
}

// flock runs each Notified on a goroutine of its own.
type flock struct {
	mu     sync.RWMutex
	closed bool
}

func (f *flock) Schedule(n rouse.Notified, _ rouse.Reason) {
	f.mu.RLock()
	closed := f.closed
	f.mu.RUnlock()
	if closed {
		n.Drop()
		return
	}
	go n.Run()
}

func (f *flock) Yield(n rouse.Notified) { f.Schedule(n, rouse.Yielded) }

func (f *flock) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
}

func TestFlock(t *testing.T) {
	proptest.TestScheduler(t, func() proptest.SchedulerUnderTest {
		f := new(flock)
		return proptest.SchedulerUnderTest{Scheduler: f, Close: f.close, FairYield: true, SurvivesGoexit: true, Timeout: time.Minute}
	})
}
