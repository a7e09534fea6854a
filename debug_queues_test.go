//go:build rouse_debug

package rouse

import (
	"fmt"
	"testing"
)

// A debugQueue is one of the queues, by what all have.
type debugQueue struct {
	name string
	push func(n Notified)
	pop  func() (Notified, bool)
}

func debugQueues() []debugQueue {
	var run RunQueue
	var local LocalQueue
	var steal StealQueue
	var shared SharedQueue
	return []debugQueue{
		{"RunQueue.Push", func(n Notified) { run.Push(n) }, run.Pop},
		{"LocalQueue.Push", local.Push, local.Pop},
		{"StealQueue.Push", func(n Notified) { steal.Push(n, nil) }, steal.Pop},
		{"SharedQueue.Push", shared.Push, shared.Pop},
	}
}

// due returns a task of l's, and its Notified, which is in no queue.
func (l *loop) due() (a *actor, n Notified) {
	a = l.newActor(actors, pending)
	a.Wake()
	n, _ = l.q.Pop()
	return
}

// pushOnce is in the stacks.
//
//go:noinline
func pushOnce(q debugQueue, n Notified) { q.push(n) }

// A Notified is pushed again, or used, while a queue has it. The queue still has it.
func TestDebugQueuedTwice(t *testing.T) {
	for i := range debugQueues() {
		for j := range debugQueues() {
			var l loop
			all := debugQueues()
			first, second := all[i], all[j]
			a, n := l.due()
			pushOnce(first, n)
			says := func(op string) string {
				return fmt.Sprintf("rouse: %s: the Notified is in a queue, since %s (task %d, state NOTIFIED refs=0)", op, first.name, a.ID())
			}
			mustTell(t, func() { second.push(n) }, says(second.name), "born at:", "due", "queued at:", "pushOnce")
			mustTell(t, n.Run, says("Notified.Run"), "queued at:", "pushOnce")
			mustTell(t, n.Drop, says("Notified.Drop"), "queued at:", "pushOnce")
			popped, ok := first.pop()
			if _, more := first.pop(); !ok || more {
				t.Fatalf("%s: popped %v, and more: %v", first.name, ok, more)
			}
			second.push(popped)
			popped, _ = second.pop()
			popped.Run()
			l.want(t, counts{scheduled: 1, polls: 1}, a.Snapshot().String())
		}
	}
}

// A Notified is pushed that was used before.
func TestDebugQueuedLate(t *testing.T) {
	for use, f := range map[string]func(Notified){"Notified.Run": Notified.Run, "Notified.Drop": Notified.Drop} {
		for i := range debugQueues() {
			var l loop
			q := debugQueues()[i]
			a, n := l.due()
			useNotified(f, n)
			mustTell(t, func() { q.push(n) },
				fmt.Sprintf("rouse: %s: the Notified was consumed before, by %s (task %d, state %v)", q.name, use, a.ID(), a.Snapshot()&^flagPoisoned),
				"born at:", "due", "ended at:", "useNotified")
			if _, ok := q.pop(); ok {
				t.Errorf("%s has taken it", q.name)
			}
		}
	}
}

// What comes out of a queue, in whatever way, can be pushed again, and run.
func TestDebugQueuesHandOut(t *testing.T) {
	var l loop
	var all []*actor
	var q, thief StealQueue
	var over SharedQueue
	fill := func(n int) {
		for range n {
			a, n := l.due()
			all = append(all, a)
			q.Push(n, &over)
		}
	}
	again := func(n Notified, ok bool) {
		t.Helper()
		if !ok {
			t.Fatal("nothing is there")
		}
		l.q.Push(n)
		if n, ok = l.q.Pop(); ok {
			n.Run()
		}
	}
	fill(stealRing + 1) // half of it goes over
	again(over.Pop())
	again(thief.Steal(&q))
	again(thief.Pop())
	again(thief.Take(&over))
	again(thief.Pop())
	again(q.Pop())
	for n, ok := thief.Pop(); ok; n, ok = thief.Pop() {
		again(n, ok)
	}
	for n, ok := q.Pop(); ok; n, ok = q.Pop() {
		again(n, ok)
	}
	over.Close()
	fill(stealRing + 1) // now it is dropped
	for n, ok := q.Pop(); ok; n, ok = q.Pop() {
		again(n, ok)
	}
	var r RunQueue
	var local LocalQueue
	for _, s := range []Scheduler{&r, &local} {
		a, n := l.due()
		s.Schedule(n, Woken)
		b, m := l.due()
		all = append(all, a, b)
		if c, ok := s.(interface{ Close() }); ok {
			c.Close()
		}
		s.Schedule(m, Woken)
	}
	for i, a := range all {
		if a.Snapshot().Notified() && !a.Snapshot().Complete() {
			t.Fatalf("task %d is still due", i)
		}
	}
}

// What a worker has stolen, or taken from the shared queue, is in its own queue.
func TestDebugMovedIsQueued(t *testing.T) {
	for op, move := range map[string]func(to *StealQueue, n Notified) (Notified, bool){
		"StealQueue.Take": func(to *StealQueue, n Notified) (Notified, bool) {
			var shared SharedQueue
			var l loop
			_, first := l.due()
			for _, n := range []Notified{first, n} {
				shared.Push(n)
			}
			for range 2 { // half of what is there goes at once
				_, n := l.due()
				shared.Push(n)
			}
			return to.Take(&shared)
		},
		"StealQueue.Push": func(to *StealQueue, n Notified) (Notified, bool) {
			var from StealQueue
			var l loop
			_, first := l.due()
			for _, n := range []Notified{first, n} {
				from.Push(n, nil)
			}
			for range 2 {
				_, n := l.due()
				from.Push(n, nil)
			}
			return to.Steal(&from)
		},
	} {
		var l loop
		var q StealQueue
		a, n := l.due()
		if _, ok := move(&q, n); !ok || q.Len() != 1 {
			t.Fatalf("%s: %d were moved", op, q.Len())
		}
		mustTell(t, n.Run, fmt.Sprintf("rouse: Notified.Run: the Notified is in a queue, since %s (task %d, state NOTIFIED refs=0)", op, a.ID()), "queued at:", "TestDebugMovedIsQueued")
		popped, _ := q.Pop()
		popped.Run()
		l.want(t, counts{scheduled: 1, polls: 1}, "IDLE refs=0")
	}
}
