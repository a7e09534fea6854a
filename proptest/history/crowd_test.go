package history

import (
	"strings"
	"testing"

	"github.com/anishathalye/porcupine"
)

// A crowd is those who wait in a WaitQueue or a Semaphore, a byte each, in the order
// in which they came, and what the others were told and have not yet seen.
//
// An operation that lets several go on takes effect in two steps. In the first it is
// settled who is to go, in the second they are told. A history has two operations for
// it, at the same time, of which the second is out of place before the first.
type crowd struct {
	waiting string
	leaving string // who is to be told, and by whom, in pairs
	chosen  string // by a notification, or have permits
	freed   string // by NotifyAll
	refused string // by Close

	due   string // those whose second step is to come
	owing string // of them, those that have something to do in it

	free   int // notifications that are kept, or permits
	closed bool
}

func has(set, who string) bool { return strings.Contains(set, who) }

func without(set, who string) string { return strings.Replace(set, who, "", 1) }

// waits is whether who is not told.
func (q crowd) waits(who string) bool {
	if has(q.waiting, who) {
		return true
	}
	for i := 0; i < len(q.leaving); i += 2 {
		if q.leaving[i:i+1] == who {
			return true
		}
	}
	return false
}

// forget makes who idle.
func (q crowd) forget(who string) crowd {
	q.waiting, q.chosen = without(q.waiting, who), without(q.chosen, who)
	q.freed, q.refused = without(q.freed, who), without(q.refused, who)
	for i := 0; i < len(q.leaving); i += 2 {
		if q.leaving[i:i+1] == who {
			q.leaving = q.leaving[:i] + q.leaving[i+2:]
			break
		}
	}
	return q
}

// poll is one of who, if who is not idle.
func (q crowd) poll(who string) (_ crowd, out result, known bool) {
	switch {
	case q.waits(who):
		return q, polled(false, false), true
	case has(q.refused, who):
		return q.forget(who), polled(false, true), true
	case has(q.chosen, who), has(q.freed, who):
		return q.forget(who), polled(true, true), true
	}
	return q, result{}, false
}

// polled is what Wait and Acquire return.
func polled(chosen, ready bool) result {
	out := result{ok: ready}
	if chosen {
		out.what = "chosen"
	}
	return out
}

// twice records f as two operations, of which the second is called then.
func (c *client) twice(op, then string, who int, f func()) {
	c.do(op, who, func() result { f(); return result{} })
	second := c.ops[len(c.ops)-1]
	second.Input = call{then, who}
	c.ops = append(c.ops, second)
}

// outOfPlace is what a second step returns that comes before the first: no operation
// returns that.
var outOfPlace = result{what: "out of place"}

// A told operation is one of a history that is made up.
type told struct {
	op  string
	who int
	out result
}

// story is a history of operations one after the other. Some have a second step.
func story(second map[string]string, ops ...told) *recorder {
	return together(1, func(c *client) {
		for _, o := range ops {
			if then := second[o.op]; then != "" {
				c.twice(o.op, then, o.who, func() {})
				continue
			}
			c.do(o.op, o.who, func() result { return o.out })
		}
	})
}

// rejectedAtLast tests that a history is right but for its last operation.
func rejectedAtLast[S comparable](t *testing.T, what string, m model[S], second map[string]string, ops []told) {
	t.Helper()
	if r := story(second, ops[:len(ops)-1]...); !porcupine.CheckOperations(m.porcupine(), r.ops) {
		t.Errorf("%s: what comes before is rejected: %v", what, r.ops)
	}
	rejected(t, what, m, story(second, ops...))
}
