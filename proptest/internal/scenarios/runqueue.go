//go:build rouse_explore

package scenarios

import (
	"fmt"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A line is a RunQueue, its producers, and its consumer, which sleeps when it has found the queue
// empty, until a Push tells it.
type line struct {
	w      *world
	q      rouse.RunQueue
	tasks  [4]actor
	notes  [4]rouse.Notified
	by     [4]int              // producers
	sent   int                 // Notifieds that producers have
	data   [4]explore.Var[int] // written before the Push
	popped [4]explore.Ghost[int]
	told   explore.Ghost[int]
	edges  explore.Ghost[int] // how often a Push said that the queue was found empty
	empty  explore.Ghost[int] // how often the consumer found it so
	backs  int                // the first Notified is pushed back so often
}

func newLine(w *world) *line {
	l := &line{w: w}
	v := rouse.NewVtable(rouse.Ops[actor]{
		Poll:   func(*actor, rouse.Context) bool { return true },
		Cancel: func(*actor, rouse.Cause) {},
		//wakervet:allow notifiedlost nobody wakes these tasks: the scenario has their Notifieds
		Schedule: func(*actor, rouse.Notified, rouse.Reason) {},
	})
	w.x.Name(l, "line")
	for i := range l.tasks {
		l.notes[i] = v.InitNotified(&l.tasks[i])
	}
	w.x.Final(func() {
		_, ok := l.q.Pop()
		w.x.Assert(!ok, "a Notified is left in the queue")
		edges, empty := l.edges.Get(), l.empty.Get()
		w.x.Assert(edges <= empty+1, "the consumer found the queue empty %d times, and was told %d times", empty, edges)
	})
	return l
}

// producer pushes n Notifieds.
func (l *line) producer(n int) {
	from := l.sent
	l.sent += n
	for i := from; i < l.sent; i++ {
		l.by[i] = from
	}
	l.w.Go(fmt.Sprintf("producer%d", from+1), func() {
		for i := from; i < from+n; i++ {
			l.data[i].Set(1)
			l.push(i)
		}
	})
}

func (l *line) push(i int) {
	if explore.Do(l.w.x, func() bool { return l.q.Push(l.notes[i]) }) {
		add(&l.edges, 1)
		add(&l.told, 1)
	}
}

// consumer pops all that is pushed; not to be told of a Push is a failure.
func (l *line) consumer() {
	want := l.sent + l.backs
	l.w.x.Go("consumer", func() {
		for got := 0; got < want; {
			if n, ok := l.q.Pop(); ok {
				l.pop(n)
				got++
				continue
			}
			add(&l.empty, 1)
			l.w.x.Await("told", func() bool { return l.told.Get() > 0 })
			add(&l.told, -1)
		}
	})
}

func (l *line) pop(n rouse.Notified) {
	i := 0
	for i < l.sent && n.Task() != l.notes[i].Task() {
		i++
	}
	l.w.x.Assert(i < l.sent, "a stranger was popped")
	l.w.x.Assert(l.data[i].Get() == 1, "the consumer does not see what was written before the Push")
	for j := range i {
		l.w.x.Assert(l.by[j] != l.by[i] || l.popped[j].Get() > 0, "a producer's second Notified was popped before its first")
	}
	most := 1
	if i == 0 {
		most += l.backs
	}
	times := add(&l.popped[i], 1)
	l.w.x.Assert(times <= most, "a Notified was popped twice")
	if times < most {
		l.push(i)
	}
}

// queued is the body of a scenario of producers with so many Notifieds each.
func queued(backs int, producers ...int) func(w *world) {
	return func(w *world) {
		l := newLine(w)
		l.backs = backs
		for _, n := range producers {
			l.producer(n)
		}
		l.consumer()
	}
}

var runQueues = []Scenario{
	{"RunQueue", "1 producer of 3", queued(0, 3), false},
	{"RunQueue", "2 producers", queued(0, 1, 1), false},
	{"RunQueue", "2 producers, pushed back", queued(2, 1, 1), false},
	{"RunQueue", "2 producers of 2 and 1", queued(0, 2, 1), false},
	{"RunQueue", "2 producers of 2", queued(0, 2, 2), true},
	{"RunQueue", "3 producers", queued(0, 1, 1, 1), false},
	{"RunQueue", "3 producers, pushed back", queued(1, 1, 1, 1), true},
	{"RunQueue", "3 producers of 2, 1, 1", queued(0, 2, 1, 1), true},
}
