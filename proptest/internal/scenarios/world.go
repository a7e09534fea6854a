//go:build rouse_explore

package scenarios

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A world is one execution of a scenario: its tasks, and a scheduler for them. The scheduler's
// queue orders a push before the pop of the same Notified, as any does, and nothing else.
type world struct {
	x      *explore.Exec
	tasks  []*task
	spies  []*spy
	queue  explore.Ghost[uint64] // the numbers of the tasks queued, a digit each, the first lowest
	order  explore.Uint64        // of what a scheduler does besides
	closed explore.Ghost[bool]   // the scheduler drops what comes

	resting bool // all threads have ended, or sleep for ever

	before []func() // what to do before the checks at rest

	helps bool // tasks may still be alive at rest: then the end of the scenario ends them
	list  *rouse.OwnedTasks
}

// A digit of the queue.
const (
	digit    = 4
	maxTasks = 1<<digit - 1
)

func newWorld(x *explore.Exec) *world {
	rouse.Restart()
	w := &world{x: x}
	rouse.Released = w.released
	x.Name(&w.queue, "queue")
	x.Name(&w.order, "queue.order")
	x.Final(w.final)
	return w
}

// step is a scheduling point, ordered with all others.
func (w *world) step() { w.order.Swap(0) }

// Go declares a thread that begins with a step of its own.
func (w *world) Go(name string, f func()) {
	w.x.Go(name, func() {
		w.x.Await("start", always)
		f()
	})
}

func always() bool { return true }

// executor declares a thread that runs what is queued.
func (w *world) executor(name string) {
	w.x.Daemon(name, func() {
		for {
			w.x.At("executor")
			w.x.Await("a Notified", func() bool {
				t := w.head()
				if t != nil {
					t.pushed.Load()
				}
				return t != nil
			})
			w.runNext()
		}
	})
}

func (w *world) executors(n int) {
	for i := range n {
		w.executor("executor" + string(rune('1'+i)))
	}
}

func (w *world) runNext() {
	t := w.pop()
	defer t.unwound()
	t.take().Run()
}

// runAll runs what is queued, for the main thread.
func (w *world) runAll() {
	for w.queue.Get() != 0 {
		w.runNext()
	}
}

func (w *world) push(t *task) {
	q := w.queue.Get()
	n := 0
	for q>>(n*digit) != 0 {
		n++
	}
	w.queue.Set(q | uint64(t.number)<<(n*digit))
}

func (w *world) pop() *task {
	t := w.head()
	w.queue.Set(w.queue.Get() >> digit)
	return t
}

// head returns the first task of the queue, or nil.
func (w *world) head() *task {
	if q := w.queue.Get(); q != 0 {
		return w.tasks[q&maxTasks-1]
	}
	return nil
}

// schedule takes a Notified of t's.
func (w *world) schedule(t *task, n rouse.Notified) {
	t.give(n)
	t.pushed.Store(1)
	if w.closed.Get() {
		t.take().Drop()
		return
	}
	w.push(t)
}

// close closes the scheduler: it drops what it has and what comes.
func (w *world) close() {
	w.order.Load()
	w.closed.Set(true)
	for w.queue.Get() != 0 {
		t := w.pop()
		t.pushed.Load()
		n := t.take()
		func() {
			defer t.unwound()
			n.Drop()
		}()
		w.order.Load()
	}
}

// owners returns the owner list.
func (w *world) owners() *rouse.OwnedTasks {
	if w.list == nil {
		w.list = new(rouse.OwnedTasks)
		w.x.Name(w.list, "list")
	}
	return w.list
}

// newTask makes the account of a task that is about to be made.
func (w *world) newTask(name string) *task {
	if len(w.tasks) == maxTasks {
		panic("too many tasks")
	}
	t := &task{w: w, name: name, number: len(w.tasks) + 1, need: never}
	w.tasks = append(w.tasks, t)
	w.x.Name(t, name)
	return t
}

// released is the kit's hook: the life of a task has ended.
func (w *world) released(r rouse.RawTask) {
	var t *task
	for _, u := range w.tasks {
		if u.h == r.Header() && (t == nil || u.freed.v == 0) {
			t = u
		}
	}
	if t == nil { // one that no scheduler ever saw
		for _, u := range w.tasks {
			if u.h == nil && u.begun {
				t = u
				t.at(r.Header())
			}
		}
	}
	if t == nil {
		w.x.Failf("a task unknown to the scenario was released")
	}
	t.release(r)
}

// final checks the end of an execution: at rest, and once all was given back.
func (w *world) final() {
	w.resting = true
	for _, f := range w.before {
		f()
	}
	w.x.Assert(w.queue.Get() == 0, "a Notified is left in the queue")
	for _, t := range w.tasks {
		t.atRest()
	}
	for _, t := range w.tasks {
		t.giveBack()
	}
	if w.list != nil {
		w.list.CloseAndShutdownAll()
		w.x.Assert(w.list.Len() == 0, "%d tasks are left on the list", w.list.Len())
	}
	w.runAll()
	for _, t := range w.tasks {
		t.atEnd()
	}
	for _, s := range w.spies {
		s.atEnd()
	}
}
