package history

import (
	"testing"

	"github.com/anishathalye/porcupine"
)

// A gap is where a faulty object can be interrupted: between the load and the
// store of what should be one step. The first to come there is held until the
// other client is through.
type gap struct{ inside, over chan struct{} }

func newGap() *gap { return &gap{make(chan struct{}), make(chan struct{})} }

func (g *gap) pause() {
	select {
	case <-g.inside:
	default:
		close(g.inside)
		<-g.over
	}
}

// interrupts runs second while first is in the gap.
func (g *gap) interrupts(first, second func(*client)) *recorder {
	return together(1, first, func(c *client) {
		<-g.inside
		second(c)
		close(g.over)
	})
}

func rejected[S comparable](t *testing.T, what string, m model[S], r *recorder) {
	t.Helper()
	if porcupine.CheckOperations(m.porcupine(), r.ops) {
		t.Errorf("%s is not rejected: %v", what, r.ops)
	}
}

func TestTornNotifyIsRejected(t *testing.T) {
	notified, g := false, newGap()
	notify := func(c *client) {
		c.do("Notify", 0, func() result {
			was := notified
			g.pause()
			notified = true
			return result{ok: !was}
		})
	}
	rejected(t, "a Notify that loads and stores", loopModel, g.interrupts(notify, notify))
}

func TestForgetfulEndIsRejected(t *testing.T) {
	r := together(1, func(c *client) {
		for _, o := range []struct {
			op string
			ok bool
		}{{"Notify", true}, {"Begin", true}, {"Notify", false}, {"End", false}} {
			c.do(o.op, 0, func() result { return result{ok: o.ok} })
		}
	})
	rejected(t, "an End that does not look again", loopModel, r)
}

func TestTornDropIsRejected(t *testing.T) {
	wakers, g := 2, newGap()
	drop := func(c *client) {
		c.do("Drop", 0, func() result {
			left := wakers - 1
			g.pause()
			wakers = left
			if left == 0 {
				return result{id: released}
			}
			return result{}
		})
	}
	m := countModel(true, 2)
	m.init.owned = false
	rejected(t, "a Drop that loads and stores", m, g.interrupts(drop, drop))
}

// A Push that looks whether the queue is empty before it pushes: the consumer
// may find it empty in between, and nobody starts it.
func TestEarlyLookIsRejected(t *testing.T) {
	tasks, found, g := []int{1}, false, newGap()
	m := lineModel
	m.init = line{tasks: "\x01"}
	pop := func() result {
		if len(tasks) == 0 {
			found = true
			return result{}
		}
		id := tasks[0]
		tasks = tasks[1:]
		return result{ok: true, id: id}
	}
	r := g.interrupts(func(c *client) {
		c.do("Push", 2, func() result {
			was := found
			g.pause()
			tasks = append(tasks, 2)
			found = false
			return result{ok: was}
		})
	}, func(c *client) {
		c.do("Pop", 0, pop)
		c.do("Pop", 0, pop)
	})
	rejected(t, "a Push that looks too early", m, r)
}

func TestTornTakeIsRejected(t *testing.T) {
	waiting, g := 7, newGap()
	m := cellModel(true)
	m.init.waiting = 7
	take := func(c *client) {
		c.do("Take", 0, func() result {
			id := waiting
			g.pause()
			waiting = 0
			return result{ok: id != 0, id: id}
		})
	}
	rejected(t, "a Take that loads and stores", m, g.interrupts(take, take))
}

// A Register that stores over whoever waits: that one is never woken.
func TestOverwritingRegisterIsRejected(t *testing.T) {
	r := together(1, func(c *client) {
		c.do("Register", 1, func() result { return result{ok: true} })
		c.do("Register", 2, func() result { return result{ok: true} })
	})
	rejected(t, "a Register that forgets who waits", cellModel(true), r)
}

// A Bind that looks whether the list is closed before it takes the lock.
func TestEarlyBindIsRejected(t *testing.T) {
	on, closed, g := false, false, newGap()
	r := g.interrupts(func(c *client) {
		c.do("Bind", 0, func() result {
			open := !closed
			g.pause()
			on = open
			return result{ok: open}
		})
		c.do("Remove", 0, func() result { return result{ok: on} })
	}, func(c *client) {
		c.do("Close", 0, func() result {
			closed = true
			was := on
			on = false
			return result{ok: was}
		})
	})
	rejected(t, "a Bind that looks too early", membershipModel, r)
}
