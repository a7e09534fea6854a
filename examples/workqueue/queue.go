package workqueue

import (
	"sync"

	"github.com/rouse-go/rouse"
)

// A Queue hands out items to workers, in the order in which they became due. An
// item is with one worker at a time. If it is added several times before a worker
// gets it, it is handed out once; if it is added while a worker has it, it is due
// again when that worker is done. Its methods are safe for concurrent use by
// multiple goroutines.
type Queue[T comparable] struct {
	mu     sync.Mutex
	change sync.Cond // workers wait here, and once the queue shuts down those who drain it
	items  map[T]*item[T]
	free   *item[T] // linked by next

	first, last     *item[T] // the items that are due, linked by next
	due, processing int
	shutting, drain bool
}

// An item is notified from an Add until the Get that follows, and runs from a Get
// until its Done. When it is idle it is forgotten.
type item[T comparable] struct {
	state rouse.State
	key   T
	next  *item[T]
}

// New returns an empty queue.
func New[T comparable]() *Queue[T] {
	q := &Queue[T]{items: make(map[T]*item[T])}
	q.change.L = &q.mu
	return q
}

// Add makes an item due, unless the queue is shutting down.
func (q *Queue[T]) Add(key T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.shutting {
		return
	}
	if i := q.item(key); i.state.Notify() {
		q.push(i)
	} // else it is due, or will be when its worker is done
}

// Get waits for an item and returns it; the caller calls Done when it has
// processed it. shutdown reports that there are no more items, for good, and that
// the worker should end.
func (q *Queue[T]) Get() (key T, shutdown bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.first == nil {
		if q.shutting {
			return key, true
		}
		q.change.Wait()
	}
	i := q.pop()
	i.state.Begin()
	q.processing++
	return i.key, false
}

// Done says that the caller has processed an item that Get gave it. To call it for
// another item does nothing.
func (q *Queue[T]) Done(key T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := q.items[key]
	if i == nil || !i.state.Load().Running() {
		return
	}
	q.processing--
	if i.state.End() { // it was added meanwhile
		q.push(i)
		return
	}
	q.forget(i)
	if q.drained() {
		q.change.Broadcast()
	}
}

// Len returns the number of items that are due.
func (q *Queue[T]) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.due
}

// ShutDown has the queue ignore what is added from now on. Workers get what is due,
// and then are told to end.
func (q *Queue[T]) ShutDown() { q.shutDown(false) }

// ShutDownWithDrain is ShutDown, and returns when all items are done, or when
// ShutDown is called.
func (q *Queue[T]) ShutDownWithDrain() { q.shutDown(true) }

// ShuttingDown reports whether the queue was shut down.
func (q *Queue[T]) ShuttingDown() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.shutting
}

func (q *Queue[T]) shutDown(drain bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.shutting, q.drain = true, drain
	q.change.Broadcast()
	for q.drain && !q.drained() {
		q.change.Wait()
	}
}

func (q *Queue[T]) drained() bool { return q.due == 0 && q.processing == 0 }

// item returns the item of a key, a new one if there is none. A State that was
// used and is idle is as good as new.
func (q *Queue[T]) item(key T) *item[T] {
	i := q.items[key]
	if i == nil {
		if i = q.free; i == nil {
			i = new(item[T])
		} else {
			q.free, i.next = i.next, nil
		}
		i.key = key
		q.items[key] = i
	}
	return i
}

// forget removes an item that is idle.
func (q *Queue[T]) forget(i *item[T]) {
	delete(q.items, i.key)
	var none T
	i.key = none
	i.next, q.free = q.free, i
}

func (q *Queue[T]) push(i *item[T]) {
	if q.last == nil {
		q.first = i
	} else {
		q.last.next = i
	}
	q.last = i
	q.due++
	q.change.Signal()
}

func (q *Queue[T]) pop() *item[T] {
	i := q.first
	q.first, i.next = i.next, nil
	if q.first == nil {
		q.last = nil
	}
	q.due--
	return i
}
