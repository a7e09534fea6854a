package executor

import (
	"fmt"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest"
)

func TestOneshot(t *testing.T) {
	proptest.NoLeaks(t)
	e := fresh(t, 2)
	for range 100 {
		o := new(Oneshot[int])
		j := Spawn(e, o)
		if !o.Send(7) || o.Send(8) {
			t.Error("it does not take one value and no second one")
		}
		if r, err := join(t, &j); r != (Received[int]{7, true}) || err != nil {
			t.Errorf("received %v, %v", r, err)
		}
	}
	closed := new(Oneshot[int])
	j := Spawn(e, closed)
	closed.Close()
	if r, err := join(t, &j); r.OK || err != nil {
		t.Errorf("received %v, %v from one that was closed", r, err)
	}
	gone := new(Oneshot[int])
	j = Spawn(e, gone)
	j.Abort()
	join(t, &j)
	if gone.Send(7) {
		t.Error("a value was sent to a receiver that has gone")
	}
}

// A producer sends the numbers from next to end, and closes the channel if it is
// to.
type producer struct {
	c         *Channel[int]
	next, end int
	wait      rouse.Waiter
}

func (p *producer) Poll(cx rouse.Context) (none struct{}, ready bool) {
	for ; p.next < p.end; p.next++ {
		if sent, ready := p.c.Send(cx, &p.wait, p.next); !ready || !sent {
			return none, ready
		}
	}
	return none, true
}

func (p *producer) Drop() { p.wait.Drop() }

// A consumer adds up what it receives, until the channel is closed.
type consumer struct {
	c    *Channel[int]
	sum  int
	last int
	bad  bool // what one producer has sent came out of order
	wait rouse.Waiter
}

func (c *consumer) Poll(cx rouse.Context) (int, bool) {
	for {
		r, ready := c.c.Recv(cx, &c.wait)
		if !ready {
			return 0, false
		}
		if !r.OK {
			return c.sum, true
		}
		c.bad = c.bad || r.Value < c.last
		c.sum, c.last = c.sum+r.Value, r.Value
	}
}

func (c *consumer) Drop() { c.wait.Drop() }

func TestChannel(t *testing.T) {
	proptest.NoLeaks(t)
	workers(t, func(t *testing.T, n int) {
		for _, capacity := range []int{1, 2, 100} {
			for _, tasks := range []int{1, 4} {
				t.Run(fmt.Sprintf("capacity %d, %d tasks", capacity, tasks), func(t *testing.T) {
					e := fresh(t, n)
					c := NewChannel[int](capacity)
					g := NewGroup(e)
					const each = 2000
					for i := range tasks {
						g.Go(&mapped[struct{}]{&producer{c: c, next: i * each, end: (i + 1) * each}})
					}
					consumers := make([]*consumer, tasks)
					handles := make([]rouse.JoinHandle[int], tasks)
					for i := range handles {
						consumers[i] = &consumer{c: c}
						handles[i] = Spawn(e, consumers[i])
					}
					if err := run(t, e, g.Wait()); err != nil {
						t.Error(err)
					}
					c.Close()
					total := 0
					for i := range handles {
						sum, err := join(t, &handles[i])
						if err != nil {
							t.Error(err)
						}
						total += sum
						if tasks == 1 && consumers[i].bad {
							t.Error("values came out of order")
						}
					}
					if n := each * tasks; total != n*(n-1)/2 {
						t.Errorf("what was received adds up to %d, want %d", total, n*(n-1)/2)
					}
				})
			}
		}
	})
}

func TestChannelCloses(t *testing.T) {
	proptest.NoLeaks(t)
	e := fresh(t, 2)
	c := NewChannel[int](1)
	if !run(t, e, c.SendFuture(1)) {
		t.Error("it does not have room for one")
	}
	waits := Spawn(e, c.SendFuture(2))
	gives := Spawn(e, Timeout(time.Millisecond, c.SendFuture(3)))
	if res, err := join(t, &gives); res.Err == nil || err != nil {
		t.Errorf("a sender that gives up got %v, %v", res, err)
	}
	c.Close()
	if sent, err := join(t, &waits); sent || err != nil {
		t.Errorf("a sender that waits at a channel that is closed got %v, %v", sent, err)
	}
	if run(t, e, c.SendFuture(4)) {
		t.Error("a closed channel takes a value")
	}
	if r := run(t, e, c.RecvFuture()); r != (Received[int]{1, true}) {
		t.Errorf("received %v", r)
	}
	if r := run(t, e, c.RecvFuture()); r.OK {
		t.Errorf("received %v from a channel that is closed and empty", r)
	}
}

// Senders and receivers that give up lose nothing, and keep nobody waiting.
func TestGivingUp(t *testing.T) {
	proptest.NoLeaks(t)
	e := fresh(t, 4)
	c := NewChannel[int](2)
	sent, received := 0, 0
	for range 50 {
		var senders []rouse.JoinHandle[rouse.Result[bool]]
		var receivers []rouse.JoinHandle[rouse.Result[Received[int]]]
		for range 8 {
			senders = append(senders, Spawn(e, Timeout(time.Millisecond, c.SendFuture(1))))
			receivers = append(receivers, Spawn(e, Timeout(time.Millisecond, c.RecvFuture())))
		}
		for i := range senders {
			if res, _ := join(t, &senders[i]); res.Err == nil {
				sent++
			}
			if res, _ := join(t, &receivers[i]); res.Err == nil {
				received++
			}
		}
	}
	left := 0
	for c.ring.head != c.ring.tail {
		run(t, e, c.RecvFuture())
		left++
	}
	if sent != received+left {
		t.Errorf("%d sent, %d received, %d left", sent, received, left)
	}
	for range 2 {
		if !run(t, e, c.SendFuture(1)) {
			t.Error("room is lost")
		}
	}
}
