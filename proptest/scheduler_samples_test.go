//wakervet:allow notifiedlost,scheduleinline,wakerconsumed the faults are what these samples are for
package proptest

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

// A loop is a scheduler that its caller drives. The faults are ways to get it
// wrong, each of which the suite has to find.
type loop struct {
	fault string

	mu     sync.Mutex
	queue  []rouse.Notified
	closed bool

	dead     bool        // what ran tasks has ended
	running  bool        // the "lock" is held that a task is run under
	dropping atomic.Bool // and the one that a Notified is dropped under
	passed   atomic.Int64

	// What blocks for ever ends with the test, so that nothing stays behind.
	over chan struct{}

	late, shut chan struct{} // of the append that is late for the close, and the close
	spawned    atomic.Int64
}

func (l *loop) has(fault string) bool { return l.fault == fault }

func (l *loop) Schedule(n rouse.Notified, why rouse.Reason) {
	switch {
	case l.has("looks first whether it is closed") && why == rouse.Spawned:
		l.scheduleLate(n)
		return
	case l.has("runs inline"):
		n.Run()
		return
	case l.has("panics when called"):
		panic("not implemented")
	case l.has("runs under its lock") && l.running:
		<-l.over
	}
	if !l.append(n) {
		l.refuse(n)
	}
}

// append reports whether the loop has taken n.
func (l *loop) append(n rouse.Notified) bool {
	if l.has("has no lock") {
		return l.appendTorn(n)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	full := len(l.queue) >= 1000
	switch {
	case l.closed && !l.has("forgets what comes after it closed"), full && l.has("drops when full"):
		return false
	case full && l.has("blocks when full"):
		<-l.over
		return false
	case l.has("has one place") && len(l.queue) > 0:
		l.queue[0] = n
	default:
		l.queue = append(l.queue, n)
	}
	return true
}

// appendTorn loads and stores the queue, as an append without a lock does. The
// race detector has nothing to say about it: the suite has to.
func (l *loop) appendTorn(n rouse.Notified) bool {
	l.mu.Lock()
	closed, queue := l.closed, slices.Clone(l.queue)
	l.mu.Unlock()
	if closed {
		return false
	}
	l.gap()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queue = append(queue, n)
	return true
}

// lateSpawn is when the check has come so far that it closes the scheduler: each
// of its 4 callers has then spawned more than the 100 of its 500 tasks that the
// closer waits for.
const lateSpawn = 1700

// scheduleLate decides before it takes the lock that it appends under. The close
// and one of the calls wait for each other, so that they meet there.
func (l *loop) scheduleLate(n rouse.Notified) {
	l.mu.Lock()
	closed := l.closed
	l.mu.Unlock()
	if closed {
		l.refuse(n)
		return
	}
	if l.spawned.Add(1) == lateSpawn {
		close(l.late)
		<-l.shut
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queue = append(l.queue, n)
}

// gap is where others come in between: it lasts until one has, if there is any.
func (l *loop) gap() {
	for i, before := 0, l.passed.Load(); i < 100 && l.passed.Load() == before; i++ {
		runtime.Gosched()
	}
	l.passed.Add(1)
}

func (l *loop) refuse(n rouse.Notified) {
	if l.has("drops under its lock") {
		if l.dropping.Swap(true) {
			<-l.over
		}
		defer l.dropping.Store(false)
	}
	n.Drop()
}

func (l *loop) Yield(n rouse.Notified) {
	switch l.fault {
	case "loses what yields":
	case "runs what yields":
		n.Run()
	case "puts what yields first":
		l.mu.Lock()
		l.queue = append([]rouse.Notified{n}, l.queue...)
		l.mu.Unlock()
	default:
		l.Schedule(n, rouse.Yielded)
	}
}

func (l *loop) pop() (n rouse.Notified, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		return n, false
	}
	if last := len(l.queue) - 1; l.has("takes the last") {
		n, l.queue = l.queue[last], l.queue[:last]
	} else {
		n, l.queue = l.queue[0], l.queue[1:]
	}
	return n, true
}

// drive runs what is due on a goroutine of its own, and on another one where
// that ends, so that its caller survives what comes out of a task.
func (l *loop) drive() {
	for empty := false; !empty && !l.dead; {
		done := make(chan struct{})
		go func() {
			defer close(done)
			defer func() {
				v := recover()
				l.dead = l.dead || v != nil && l.has("dies of panics") || v == nil && !empty && l.has("dies of Goexits")
			}()
			for n, ok := l.pop(); ok && !l.dead; n, ok = l.pop() {
				l.run(n)
			}
			empty = true
		}()
		<-done
	}
}

// runsAlone is what all loops of the fault isAlone hold while they run a task.
var runsAlone = make(chan struct{}, 1)

func (l *loop) run(n rouse.Notified) {
	if l.has(isAlone) {
		select {
		case runsAlone <- struct{}{}:
			defer func() { <-runsAlone }()
		case <-l.over:
		}
	}
	l.running = true
	defer func() { l.running = false }()
	n.Run()
	if l.has("runs twice") {
		n.Run()
	}
}

func (l *loop) close() {
	if l.has("looks first whether it is closed") {
		<-l.late
		defer close(l.shut)
	}
	l.mu.Lock()
	l.closed = true
	queue := l.queue
	l.queue = nil
	l.mu.Unlock()
	if l.has("forgets what it has when it closes") {
		return
	}
	for _, n := range queue {
		n.Drop()
	}
}
