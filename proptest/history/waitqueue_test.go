package history

import (
	"strings"
	"testing"

	"github.com/rouse-go/rouse"
)

// notify is NotifyOne.
func (q crowd) notify() crowd {
	switch {
	case q.closed:
	case q.waiting == "":
		q.free = 1
	default:
		q.chosen += q.waiting[:1]
		q.waiting = q.waiting[1:]
	}
	return q
}

// leave makes all that wait leave, by an operation of by's.
func (q crowd) leave(by string) crowd {
	for _, who := range q.waiting {
		q.leaving += string(who) + by
	}
	q.waiting = ""
	return q
}

// tell tells those that leave by an operation of by's; a capital is a Close.
func (q crowd) tell(by string) crowd {
	left := q.leaving
	q.leaving = ""
	for ; left != ""; left = left[2:] {
		switch {
		case left[1:2] != by:
			q.leaving += left[:2]
		case by == strings.ToUpper(by):
			q.refused += left[:1]
		default:
			q.freed += left[:1]
		}
	}
	return q
}

var notifyModel = model[crowd]{step: func(q crowd, in call) (crowd, result) {
	who := string(rune(in.arg))
	switch in.op {
	case "NotifyOne":
		return q.notify(), result{}
	case "NotifyAll":
		q = q.leave(who)
		q.due += who
		return q, result{}
	case "Close":
		who = strings.ToUpper(who)
		if !q.closed {
			q = q.leave(who)
			q.closed, q.free = true, 0
		}
		q.due += who
		return q, result{}
	case "NotifyAll told", "Close told":
		if in.op == "Close told" {
			who = strings.ToUpper(who)
		}
		if !has(q.due, who) {
			return q, outOfPlace
		}
		q.due = without(q.due, who)
		return q.tell(who), result{}
	case "Drop":
		passes := has(q.chosen, who)
		if q = q.forget(who); passes {
			q = q.notify()
		}
		return q, result{}
	}
	if q, out, known := q.poll(who); known { // Wait
		return q, out
	}
	switch {
	case q.closed:
		return q, polled(false, true)
	case q.free > 0:
		q.free = 0
		return q, polled(true, true)
	}
	q.waiting += who
	return q, polled(false, false)
}}

// waitsInQueue makes random calls, some of which close the queue if closes says so.
func waitsInQueue(q *rouse.WaitQueue, wait *rouse.Waiter, closes bool) func(c *client) {
	w := rouse.NoopWaker()
	return func(c *client) {
		cx := rouse.NewContext(w.Borrow())
		who := 'a' + c.id
		for range 5 {
			switch p := c.rng.IntN(20); {
			case p < 5:
				c.do("NotifyOne", 0, func() result { q.NotifyOne(); return result{} })
			case p < 8:
				c.twice("NotifyAll", notifySteps["NotifyAll"], who, q.NotifyAll)
			case p < 9 && closes:
				c.twice("Close", notifySteps["Close"], who, q.Close)
			case p < 12:
				c.do("Drop", who, func() result { wait.Drop(); return result{} })
			default:
				c.do("Wait", who, func() result { return polled(q.Wait(cx, wait)) })
			}
		}
	}
}

func TestWaitQueue(t *testing.T) {
	for _, closes := range []bool{false, true} {
		stress(t, notifyModel, func(seed uint64) *recorder {
			q := new(rouse.WaitQueue)
			var waiters [3]rouse.Waiter
			var clients []func(*client)
			for i := range waiters {
				clients = append(clients, waitsInQueue(q, &waiters[i], closes))
			}
			return together(seed, clients...)
		})
	}
}

// notifySteps are the second steps of what takes two.
var notifySteps = map[string]string{"NotifyAll": "NotifyAll told", "Close": "Close told"}

// Each of these histories has a task that waits, and is not let go on.
func TestForgetfulWaitQueuesAreRejected(t *testing.T) {
	waits, goes := polled(false, false), polled(true, true)
	for what, ops := range map[string][]told{
		"a NotifyAll that tells the first":   {{"Wait", 'a', waits}, {"Wait", 'b', waits}, {"NotifyAll", 'c', result{}}, {"Wait", 'a', goes}, {"Wait", 'b', waits}},
		"a NotifyAll that is kept":           {{"NotifyAll", 'c', result{}}, {"Wait", 'a', goes}},
		"a Close that tells the first":       {{"Wait", 'a', waits}, {"Wait", 'b', waits}, {"Close", 'c', result{}}, {"Wait", 'a', polled(false, true)}, {"Wait", 'b', waits}},
		"a Close that tells of a NotifyAll":  {{"Wait", 'a', waits}, {"Close", 'c', result{}}, {"Wait", 'a', goes}},
		"a Close that lets newcomers wait":   {{"Close", 'c', result{}}, {"Wait", 'a', waits}},
		"a Close that keeps a notification":  {{"NotifyOne", 0, result{}}, {"Close", 'c', result{}}, {"Wait", 'a', goes}},
		"a Drop that passes nothing on":      {{"Wait", 'a', waits}, {"Wait", 'b', waits}, {"NotifyOne", 0, result{}}, {"Drop", 'a', result{}}, {"Wait", 'b', waits}},
		"a Drop that passes on a NotifyAll":  {{"Wait", 'a', waits}, {"NotifyAll", 'c', result{}}, {"Drop", 'a', result{}}, {"Wait", 'b', goes}},
		"a Drop that leaves the place taken": {{"Wait", 'a', waits}, {"Drop", 'a', result{}}, {"Wait", 'b', waits}, {"NotifyOne", 0, result{}}, {"Wait", 'b', waits}},
	} {
		rejectedAtLast(t, what, notifyModel, notifySteps, ops)
	}
}
