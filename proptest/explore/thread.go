package explore

import (
	"iter"
	"runtime/debug"
	"unsafe"
)

type opKind uint8

const (
	opStart opKind = iota
	opLoad
	opStore
	opAdd
	opSwap
	opCAS
	opLock
	opTryLock
	opUnlock
	opAwait
	opPause
	opPut
	opGet
	opAnd
	opOr
)

var opNames = [...]string{"start", "Load", "Store", "Add", "Swap", "CompareAndSwap", "Lock", "TryLock", "Unlock", "Await", "Pause", "Put", "Get", "And", "Or"}

// thread is a logical thread of the execution under way.
type thread struct {
	index  int // also its bit in masks
	name   string
	canon  uint64 // identity that does not depend on the order in which threads are started
	parent *thread
	daemon bool
	body   func()
	co     *coro

	priming bool // running towards its first operation
	started bool // has a stack to unwind
	done    bool
	left    bool // was told by left that the execution is over
	exiting bool // was made to exit
	exits   int  // how often, and operations since
	lost    bool // given up: see exit

	// The operation before which the thread waits.
	pend    opKind
	pendObj *object
	pendSig uint64
	cond    func() bool
	what    string

	retry      retry
	turn       turn
	hist       uint64 // hash of everything the thread has observed
	seen       int    // objects it has seen
	seenBefore int    // the same, before the step under way
	children   int
	know       know
	ops        Ops
}

func (t *thread) bit() uint64 { return 1 << t.index }

// coro runs threads one after another. A coroutine outlives the executions, as making one costs
// more than a short execution.
type coro struct {
	e     *engine
	t     *thread
	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool
}

// exited is what a coroutine dies of when its thread calls runtime.Goexit. iter.Pull would
// otherwise carry the Goexit over to the scheduler; a panic raised while the goroutine exits
// takes its place there, and can be recovered.
type exited struct{}

// left unwinds a daemon that waits for ever. A Goexit, which no code of the user's can stop, would
// cost the coroutine: it follows if this is stopped.
type left struct{}

func newCoro(e *engine) *coro {
	c := &coro{e: e}
	c.next, c.stop = iter.Pull(func(yield func(struct{}) bool) {
		c.yield = yield
		for {
			c.run()
			if !yield(struct{}{}) {
				return
			}
		}
	})
	return c
}

func (c *coro) run() {
	t := c.t
	alive := false
	defer func() {
		t.done = true
		if !alive {
			t.co = nil // it dies with the goroutine
			panic(exited{})
		}
	}()
	c.body()
	alive = true
}

// body returns unless the thread exits. A panic of a deferred call can be recovered and the
// goroutine exit nonetheless.
func (c *coro) body() {
	t := c.t
	defer func() {
		if v := recover(); v != nil && c.e.mode == exploring {
			c.e.panicked(t, v, string(debug.Stack()))
		}
	}()
	t.body()
}

// resume switches to t until it waits before its next operation, or ends.
func (e *engine) resume(t *thread) {
	if t.co == nil {
		if n := len(e.idle); n > 0 {
			t.co, e.idle = e.idle[n-1], e.idle[:n-1]
		} else {
			t.co = newCoro(e)
		}
		t.co.t = t
		t.started = true
	}
	e.cur = t
	e.switchTo(t.co)
	e.cur = e.main
	if t.done && t.co != nil {
		t.co.t = nil
		e.idle = append(e.idle, t.co)
		t.co = nil
	}
}

func (e *engine) switchTo(c *coro) {
	defer func() {
		if v := recover(); v != nil {
			if _, ok := v.(exited); !ok {
				panic(v)
			}
		}
	}()
	c.next()
}

// suspend gives control to the scheduler until it resumes t.
func (e *engine) suspend(t *thread) {
	t.co.yield(struct{}{})
	if e.mode != unwinding {
		return
	}
	if t.daemon && t.pend == opAwait && !t.left && !t.exiting {
		t.left = true
		e.drained++
		panic(left{})
	}
	if !t.exiting {
		e.exit()
	}
}

// spawn declares a thread. Its code up to the first operation runs at once if the parent is the
// main thread, and otherwise before the parent's next operation.
func (e *engine) spawn(parent *thread, name string, daemon bool, f func()) *thread {
	if len(e.threads) == maxThreads-1 {
		panic("explore: too many threads")
	}
	t := e.pool[len(e.threads)+1]
	if t == nil {
		t = &thread{index: len(e.threads) + 1}
		e.pool[t.index] = t
	}
	parent.children++
	*t = thread{
		index: t.index, name: name, parent: parent, daemon: daemon, body: f,
		canon: mix(parent.canon, uint64(parent.children)),
		know:  parent.know,
	}
	t.hist = t.canon
	e.threads = append(e.threads, t)
	e.unprimed++
	return t
}

// prime runs threads just declared up to their first operation.
func (e *engine) prime() {
	for i := len(e.threads) - e.unprimed; e.unprimed > 0; i++ {
		e.unprimed--
		t := e.threads[i]
		if !e.started && t.parent == e.main {
			t.know = e.main.know // setup went on after the declaration
		}
		t.priming = true
		e.resume(t)
		t.priming = false
		if e.failure != nil {
			return
		}
	}
}

// begin waits until the scheduler picks the operation of kind k on the location p, with arguments
// a and b, and returns the location's object. It returns nil if nobody keeps accounts.
func (e *engine) begin(k opKind, ok objKind, p unsafe.Pointer, a, b uint64) *object {
	switch e.mode {
	case exploring:
	case counting:
		e.tally(k)
		return nil
	case draining:
		e.drainStep()
		return nil
	case unwinding:
		e.exit()
		return nil
	case peeking:
		if k != opLoad {
			panic("explore: " + opNames[k] + " in the condition of an Await")
		}
		return nil
	}
	t := e.cur
	o := e.touch(t, p, ok)
	if t == e.main || e.atomic {
		if len(e.retired) > 0 && !e.final {
			e.checkRetired(t, o)
		}
		return o
	}
	if e.cfg.RetryLoops && k == opLoad {
		e.atLoad(t, o)
	}
	t.pend, t.pendObj = k, o
	t.pendSig = mix(uint64(k)|uint64(o.localName(t.index))<<8, mix(a, b))
	if !e.wait(t) {
		return nil
	}
	if len(e.retired) > 0 {
		e.checkRetired(t, o)
	}
	return o
}

// wait is the scheduling point before t's pending operation. It reports whether the exploration
// goes on; if not, the execution is being run to its end without accounts.
func (e *engine) wait(t *thread) bool {
	if t.priming {
		t.priming = false
	} else if e.unprimed == 0 {
		n := e.decide()
		if n == t {
			e.cur = t
			return true
		}
		e.next, e.decided = n, true
	}
	e.suspend(t)
	return e.mode == exploring
}
