package explore

import (
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
)

type mode uint8

const (
	exploring mode = iota
	peeking        // the scheduler evaluates the condition of an Await
	draining       // the execution is cut: its threads run to their ends, unobserved
	unwinding      // what is left of its threads is taken down: see exit
	counting       // no exploration: Count is measuring
)

// active is the engine that operations report to, nil when they are plain atomics.
var active atomic.Pointer[engine]

var executions atomic.Uint64

var running sync.Mutex // one exploration at a time

type engine struct {
	cfg  Config
	body func(*Exec)
	x    *Exec
	mode mode
	rep  Report

	// The execution under way.
	reg         registry
	main        *thread
	threads     []*thread // by index, less one: main is not among them
	pool        [maxThreads]*thread
	idle        []*coro
	cur         *thread
	next        *thread
	decided     bool // next is the answer of decide
	unprimed    int
	started     bool // setup is over
	final       bool // the checks at rest
	relabelled  bool // a history was cut short: the state graph may have cycles
	pauses      bool // a thread has come back from a Pause
	atomic      bool // operations take no scheduling point of their own
	state       uint64
	depth       int
	step        []access // what the step under way has touched
	stepAll     bool     // it may have touched anything
	choices     []uint8
	wrote       []written
	retired     []span
	execution   uint64 // counts them, over all explorations
	finals      []func()
	extra       []func() uint64
	failure     *Failure
	cut         bool // the execution is pruned
	drained     int
	records     [maxRecords]record
	recordsUsed [knowWords]uint64
	knowUsed    int
	trace       *tracer

	sites   map[uint64]uint64 // where a thread with a history is
	search  searcher
	collect func(*Failure) // go on after failures; for tests

	outcomes map[uint64]bool // what the search came to, for a cross-check
	known    map[uint64]bool // the same, of the search that this engine checks
	endless  bool            // the cross-check was in a schedule that has no end

	counts counters
	beat   *atomic.Uint64 // steps ever, for watch
}

// searcher is a way to choose the next thread.
type searcher interface {
	// stepDone is told that a step, or the setup, is over.
	stepDone()
	// pick returns the thread to run next, or nil if none can or the execution is cut.
	pick() *thread
	// over is told that the execution ended well, and reports whether there is another to do.
	over() (more bool)
}

type access struct {
	o     *object
	write bool
}

type failNow struct{} // unwinds the main thread

func newEngine(c Config, body func(*Exec)) *engine {
	if c.MaxSteps == 0 {
		c.MaxSteps = 10_000
	}
	e := &engine{cfg: c, body: body, beat: new(atomic.Uint64)}
	e.main = &thread{name: "main"}
	e.x = &Exec{e}
	e.rep.Name = c.Name
	return e
}

// own makes e the engine that operations report to, until release. It waits for explorations of
// other goroutines to end.
func (e *engine) own() (release func()) {
	if nested() {
		panic("explore: exploration within an exploration")
	}
	running.Lock()
	active.Store(e)
	return func() {
		active.Store(nil)
		e.stop()
		running.Unlock()
	}
}

// stop ends the coroutines.
func (e *engine) stop() {
	for _, c := range e.idle {
		c.stop()
	}
}

// nested reports whether the caller runs under an exploration's scheduler, or under Count.
func nested() bool {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		for _, s := range []string{".(*coro).run", ".(*engine).execute", ".Count"} {
			if strings.HasSuffix(f.Function, "proptest/explore"+s) {
				return true
			}
		}
	}
	return false
}

func (e *engine) reset() {
	e.reg.reset()
	*e.main = thread{name: "main", canon: 1, hist: 1}
	e.threads = e.threads[:0]
	e.cur, e.next, e.decided, e.unprimed = e.main, nil, false, 0
	e.started, e.final, e.atomic, e.cut = false, false, false, false
	e.state, e.depth, e.drained = 0, 0, 0
	e.step, e.stepAll = e.step[:0], false
	e.choices, e.finals, e.extra = e.choices[:0], e.finals[:0], e.extra[:0]
	e.failure, e.retired, e.wrote = nil, e.retired[:0], e.wrote[:0]
	e.execution = executions.Add(1)
	e.relabelled, e.pauses = false, false
	e.recordsUsed, e.knowUsed = [knowWords]uint64{}, 0
	e.mode = exploring
}

// execute runs the scenario once.
func (e *engine) execute() {
	e.reset()
	e.asMain(func() { e.body(e.x) })
	if e.failure == nil {
		e.prime()
	}
	e.settle()
	e.started = true
	e.step, e.stepAll = e.step[:0], false
	if e.failure == nil {
		e.loop()
	}
	if e.failure == nil && !e.cut {
		e.rep.Complete++
		e.final = true
		e.main.hist = 1
		for _, f := range e.finals {
			if e.failure == nil {
				e.asMain(f)
			}
		}
		if e.failure == nil {
			e.ended()
		}
	}
	e.takeDown()
	e.rep.Schedules++
	e.rep.Steps += e.depth
	e.rep.Longest = max(e.rep.Longest, e.depth)
}

// asMain runs f, setup or a check, which may end it by a failure.
func (e *engine) asMain(f func()) {
	defer func() {
		if v := recover(); v != nil {
			if _, ok := v.(failNow); !ok {
				e.panicked(e.main, v, string(debug.Stack()))
			}
		}
	}()
	f()
}

func (e *engine) loop() {
	e.next = e.decide()
	for e.next != nil {
		t := e.next
		e.decided = false
		e.resume(t)
		if !e.decided {
			if t.done { // it may have left something behind that the search does not see
				e.disturb()
			}
			e.prime()
			e.next = e.decide()
		}
	}
}

// decide ends the step under way and picks the thread for the next one; nil ends the execution.
func (e *engine) decide() *thread {
	e.settle()
	e.beat.Add(1)
	e.search.stepDone()
	if e.failure != nil {
		return nil
	}
	if e.depth >= e.cfg.MaxSteps && e.known != nil {
		e.endless, e.cut = true, true // a cycle of states, which the search has been round
		return nil
	}
	if e.depth >= e.cfg.MaxSteps {
		e.fail(nil, "not at rest after %d steps: a livelock, or a longer scenario than Config.MaxSteps allows", e.depth)
		return nil
	}
	t := e.search.pick()
	if t == nil || e.failure != nil {
		return nil
	}
	e.depth++
	e.choices = append(e.choices, uint8(t.index))
	e.step, e.stepAll = e.step[:0], false
	t.seenBefore = t.seen
	return t
}

// enabledSet is the threads that can run, as a mask.
func (e *engine) enabledSet() (m uint64) {
	for _, t := range e.threads {
		if !t.done && e.enabled(t) {
			m |= t.bit()
		}
	}
	return m
}

func (e *engine) enabled(t *thread) bool {
	switch t.pend {
	case opLock:
		return !t.pendObj.locked
	case opAwait:
		return e.peek(t)
	case opPause:
		return t.turn.goesOn()
	}
	return true
}

func (e *engine) peek(t *thread) bool {
	m := e.mode
	e.mode = peeking
	defer func() {
		e.mode = m
		if v := recover(); v != nil {
			e.fail(t, "panic in the condition of Await(%q): %v", t.what, v)
		}
	}()
	return t.cond()
}
