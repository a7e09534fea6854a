package history

import (
	"testing"

	"github.com/rouse-go/rouse"
)

// wants is how many permits who acquires.
func wants(who byte) int { return 1 + int(who-'a')%2 }

// serve gives those that wait what they want, as far as it goes.
func (q crowd) serve() crowd {
	for q.waiting != "" {
		who := q.waiting[0]
		switch {
		case q.closed:
			q.refused += string(who)
		case q.free < wants(who):
			return q
		default:
			q.free -= wants(who)
			q.chosen += string(who)
		}
		q.waiting = q.waiting[1:]
	}
	return q
}

var permitModel = model[crowd]{step: func(q crowd, in call) (crowd, result) {
	who := string(rune(in.arg))
	switch in.op {
	case "Release": // of arg permits
		q.free += in.arg
		return q.serve(), result{}
	case "TryAcquire": // of one
		if q.closed || q.waiting != "" || q.free == 0 {
			return q, result{}
		}
		q.free--
		return q, result{ok: true}
	case "Close":
		if !q.closed {
			q.closed = true
			q.owing += who
		}
		q.due += who
		return q, result{}
	case "Drop": // the first leaves, and then the next may be served
		switch {
		case has(q.chosen, who):
			q = q.forget(who)
			q.free += wants(who[0])
			q = q.serve()
		case has(q.waiting, who):
			if q.waiting[:1] == who {
				q.owing += who
			}
			q = q.forget(who)
		default:
			q = q.forget(who)
		}
		q.due += who
		return q, result{}
	case "served":
		if !has(q.due, who) {
			return q, outOfPlace
		}
		q.due = without(q.due, who)
		if has(q.owing, who) {
			q.owing = without(q.owing, who)
			q = q.serve()
		}
		return q, result{}
	}
	if q, out, known := q.poll(who); known { // Acquire
		return q, out
	}
	switch {
	case q.closed:
		return q, polled(false, true)
	case q.waiting == "" && q.free >= wants(who[0]):
		q.free -= wants(who[0])
		return q, polled(true, true)
	}
	q.waiting += who
	return q, polled(false, false)
}}

// permitSteps are the second steps of what takes two.
var permitSteps = map[string]string{"Close": "served", "Drop": "served"}

func TestSemaphore(t *testing.T) {
	w := rouse.NoopWaker()
	cx := rouse.NewContext(w.Borrow())
	for _, closes := range []bool{false, true} {
		stress(t, permitModel, func(seed uint64) *recorder {
			q := new(rouse.Semaphore)
			var waiters [3]rouse.Waiter
			f := func(c *client) {
				wait := &waiters[c.id]
				who := 'a' + c.id
				for range 5 {
					switch p := c.rng.IntN(20); {
					case p < 5:
						n := 1 + c.rng.IntN(2)
						c.do("Release", n, func() result { q.Release(n); return result{} })
					case p < 7:
						c.do("TryAcquire", 0, func() result { return result{ok: q.TryAcquire(1)} })
					case p < 8 && closes:
						c.twice("Close", permitSteps["Close"], who, q.Close)
					case p < 11:
						c.twice("Drop", permitSteps["Drop"], who, wait.Drop)
					default:
						c.do("Acquire", who, func() result { return polled(q.Acquire(cx, wait, wants(byte(who)))) })
					}
				}
			}
			return together(seed, f, f, f)
		})
	}
}

// A Semaphore whose Release and Acquire miss each other.
func TestLostPermitIsRejected(t *testing.T) {
	free, waits, g := 0, false, newGap()
	acquire := func(c *client) {
		c.do("Acquire", 'a', func() result {
			if free > 0 {
				return polled(true, true)
			}
			g.pause()
			waits = true
			return polled(false, false)
		})
		c.do("Acquire", 'a', func() result { return polled(!waits, !waits) })
	}
	release := func(c *client) {
		c.do("Release", 1, func() result {
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

// Each of these histories has a permit that is lost or made up, or somebody who
// overtakes; b wants two permits, the others one.
func TestForgetfulSemaphoresAreRejected(t *testing.T) {
	waits, goes, shut := polled(false, false), polled(true, true), polled(false, true)
	release := told{"Release", 1, result{}}
	for what, ops := range map[string][]told{
		"a Drop that loses its permits":         {{"Acquire", 'a', waits}, release, {"Drop", 'a', result{}}, {"TryAcquire", 0, result{}}},
		"a Drop that does not serve the next":   {{"Acquire", 'b', waits}, {"Acquire", 'c', waits}, release, {"Drop", 'b', result{}}, {"Acquire", 'c', waits}},
		"a Drop that gives permits of nobody's": {{"Acquire", 'a', waits}, {"Drop", 'a', result{}}, {"TryAcquire", 0, result{ok: true}}},
		"a newcomer that overtakes":             {{"Acquire", 'b', waits}, release, {"Acquire", 'c', goes}},
		"a Close that tells the first":          {{"Acquire", 'a', waits}, {"Acquire", 'c', waits}, {"Close", 'b', result{}}, {"Acquire", 'a', shut}, {"Acquire", 'c', waits}},
		"a Close that takes permits back":       {{"Acquire", 'a', waits}, release, {"Close", 'b', result{}}, {"Acquire", 'a', shut}},
		"a Close that lets somebody pass":       {release, {"Close", 'b', result{}}, {"Acquire", 'a', goes}},
	} {
		rejectedAtLast(t, what, permitModel, permitSteps, ops)
	}
}
