package history

import (
	"strings"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
)

// A crowd is those who wait, a byte each, in order; and who was chosen.
type crowd struct {
	waiting, chosen string
	free            int // notifications that are kept, or permits
}

func (q crowd) waits(who string) bool { return strings.Contains(q.waiting, who) }
func (q crowd) has(who string) bool   { return strings.Contains(q.chosen, who) }

func (q crowd) choose(who string) crowd {
	q.waiting = strings.Replace(q.waiting, who, "", 1)
	q.chosen += who
	return q
}

func (q crowd) forget(who string) crowd {
	q.waiting = strings.Replace(q.waiting, who, "", 1)
	q.chosen = strings.Replace(q.chosen, who, "", 1)
	return q
}

// poll is a poll of who. One that comes goes on at once if at says so, or waits.
func (q crowd) poll(who string, at bool) (crowd, result) {
	switch {
	case q.has(who):
		return q.forget(who), result{ok: true}
	case q.waits(who):
		return q, result{}
	case at:
		return q, result{ok: true}
	}
	q.waiting += who
	return q, result{}
}

// notifyModel is of a WaitQueue. NotifyAll and Close are not in it: they let those
// that wait go on one after the other, not all at the same moment.
var notifyModel = model[crowd]{step: func(q crowd, in call) (crowd, result) {
	who := string(rune(in.arg))
	notify := func() crowd {
		if q.waiting == "" {
			q.free = 1
			return q
		}
		return q.choose(q.waiting[:1])
	}
	switch in.op {
	case "NotifyOne":
		return notify(), result{}
	case "Drop":
		passes := q.has(who)
		if q = q.forget(who); passes {
			q = notify()
		}
		return q, result{}
	}
	at := q.free > 0 && !q.has(who) && !q.waits(who)
	q, out := q.poll(who, at)
	if at {
		q.free = 0
	}
	return q, out
}}

func TestWaitQueue(t *testing.T) {
	w := rouse.NoopWaker()
	cx := rouse.NewContext(w.Borrow())
	stress(t, notifyModel, func(seed uint64) *recorder {
		q := new(rouse.WaitQueue)
		var waiters [3]rouse.Waiter
		f := func(c *client) {
			wait := &waiters[c.id]
			who := 'a' + c.id
			for range 5 {
				switch c.rng.IntN(5) {
				case 0, 1:
					c.do("NotifyOne", 0, func() result { q.NotifyOne(); return result{} })
				case 2:
					c.do("Drop", who, func() result { wait.Drop(); return result{} })
				default:
					c.do("Wait", who, func() result {
						notified, ready := q.Wait(cx, wait)
						return result{ok: notified && ready}
					})
				}
			}
		}
		return together(seed, f, f, f)
	})
}

// permitModel is of a Semaphore, of which everybody wants one permit. Drop is not
// in it: it leaves first, and lets others go on then.
var permitModel = model[crowd]{step: func(q crowd, in call) (crowd, result) {
	who := string(rune(in.arg))
	switch in.op {
	case "Release":
		if q.waiting == "" {
			q.free++
			return q, result{}
		}
		return q.choose(q.waiting[:1]), result{}
	case "TryAcquire":
		if q.waiting != "" || q.free == 0 {
			return q, result{}
		}
		q.free--
		return q, result{ok: true}
	}
	at := q.free > 0 && q.waiting == "" && !q.has(who)
	q, out := q.poll(who, at)
	if at {
		q.free--
	}
	return q, out
}}

func TestSemaphore(t *testing.T) {
	w := rouse.NoopWaker()
	cx := rouse.NewContext(w.Borrow())
	stress(t, permitModel, func(seed uint64) *recorder {
		q := new(rouse.Semaphore)
		var waiters [3]rouse.Waiter
		f := func(c *client) {
			wait := &waiters[c.id]
			for range 5 {
				switch c.rng.IntN(5) {
				case 0, 1:
					c.do("Release", 0, func() result { q.Release(1); return result{} })
				case 2:
					c.do("TryAcquire", 0, func() result { return result{ok: q.TryAcquire(1)} })
				default:
					c.do("Acquire", 'a'+c.id, func() result {
						acquired, ready := q.Acquire(cx, wait, 1)
						return result{ok: acquired && ready}
					})
				}
			}
		}
		return together(seed, f, f, f)
	})
}

// parkModel is of a Parker: whether there is a permit.
var parkModel = model[bool]{step: func(permit bool, in call) (bool, result) {
	if in.op == "Unpark" {
		return true, result{}
	}
	return false, result{ok: permit}
}}

func TestParker(t *testing.T) {
	stress(t, parkModel, func(seed uint64) *recorder {
		p := new(rouse.Parker)
		unparks := func(c *client) {
			for range 4 {
				c.do("Unpark", 0, func() result { p.Unpark(); return result{} })
			}
		}
		return together(seed, unparks, unparks, func(c *client) {
			for range 6 {
				d := time.Duration(c.rng.IntN(2)) * time.Microsecond
				c.do("ParkTimeout", 0, func() result { return result{ok: p.ParkTimeout(d)} })
			}
		})
	})
}

// A Semaphore whose Release and Acquire miss each other.
func TestLostPermitIsRejected(t *testing.T) {
	free, waits, g := 0, false, newGap()
	acquire := func(c *client) {
		c.do("Acquire", 'a', func() result {
			if free > 0 {
				return result{ok: true}
			}
			g.pause()
			waits = true
			return result{}
		})
		c.do("Acquire", 'a', func() result { return result{ok: !waits} })
	}
	release := func(c *client) {
		c.do("Release", 0, func() result {
			if waits {
				waits = false
			} else {
				free++
			}
			return result{}
		})
	}
	rejected(t, "an Acquire that looks, and waits afterwards", permitModel, g.interrupts(acquire, release))
}
