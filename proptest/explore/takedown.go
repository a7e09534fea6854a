package explore

import "runtime"

// takeDown ends the threads of an execution that is over or cut. A cut one is first run to its
// end, in any order: that leaves the coroutines whole, at a few nanoseconds an operation. What is
// left is then made to exit.
func (e *engine) takeDown() {
	if e.cut {
		e.mode = draining
		e.runOn(draining)
	}
	e.mode = unwinding
	e.runOn(unwinding)
	for _, t := range e.threads {
		if !t.done {
			t.co = nil
		}
	}
}

// runOn resumes the threads in turn while that leads anywhere in mode m. A thread that has not
// begun is left alone when the others exit.
func (e *engine) runOn(m mode) {
	for progress := true; progress && e.mode == m; {
		progress = false
		for i := 0; i < len(e.threads) && e.mode == m; i++ {
			t := e.threads[i]
			if t.done || t.lost || m == unwinding && !t.started {
				continue
			}
			before := e.drained
			e.resume(t)
			progress = progress || t.done || e.drained != before
		}
	}
}

// drainStep bounds what a cut execution may still do: a thread may be spinning.
func (e *engine) drainStep() {
	if e.drained++; e.drained > 1000+4*e.depth {
		e.mode = unwinding
		e.exit()
	}
}

// maxExits is how often a thread is made to exit, and how many operations its deferred calls may
// make, before it is given up.
const maxExits = 1000

// exit is called by a thread for which the execution is over. The first call does not return: it
// is a Goexit. The operations of the thread's deferred calls come here again. They return and do
// what they do without an exploration, as they would after any Goexit: a deferred call that has to
// come to its end, and begins anew when it does not, would otherwise never let the thread end.
func (e *engine) exit() {
	t := e.cur
	e.drained++
	if !t.exiting {
		e.goexit()
	}
	if t.exits++; t.exits > maxExits {
		e.lose(t)
	}
}

// goexit is runtime.Goexit for the running thread, which may do it again in its deferred calls.
func (e *engine) goexit() {
	t := e.cur
	t.exiting = true
	if t.exits++; t.exits > maxExits {
		e.lose(t)
	}
	runtime.Goexit()
}

// lose gives t up, whose deferred calls do not end: its goroutine is never resumed.
func (e *engine) lose(t *thread) {
	t.lost = true
	for {
		t.co.yield(struct{}{})
	}
}
