package rouse

import (
	"context"
	"fmt"
)

// A Result is how a task ended: with a Value, or with an Err that is a
// *JoinError.
type Result[T any] struct {
	Value T
	Err   error
}

// A JoinHandle is the right to the outcome of a task. Whoever has it awaits the
// outcome with Poll, Join or TryJoin, or gives it up with Detach; each of these
// consumes it when it succeeds. If it is forgotten, the task is never recycled,
// and the destructor of its output is not called. So a future that has the
// JoinHandle of another task needs a Drop that detaches it, or aborts that task:
// the future may be destroyed, by an abort of its own task, before it has taken
// the outcome.
//
// A JoinHandle belongs to no goroutine. If the goroutine that was to use it ends,
// by a panic or a runtime.Goexit, the JoinHandle stays as it was, also in a Join
// or a Poll, and whoever has the variable may go on to use it.
//
// A JoinHandle must not be copied; Move hands it on. Consuming it sets it to
// zero, and every method of a zero JoinHandle panics, except IsZero and Move. A
// *JoinHandle[T] is a Future[Result[T]]. Abort, AbortHandle, IsFinished and ID
// are safe for concurrent use by multiple goroutines; the other methods are not.
//
// The idea is tokio's task::JoinHandle.
type JoinHandle[T any] struct {
	_     noCopy
	token token
	c     *joinCell[T]
}

func (j *JoinHandle[T]) hold(c *joinCell[T]) {
	j.c = c
	j.token = joinToken(&c.Header)
}

// Poll returns the outcome and consumes j, if the task has ended; otherwise the
// waker in cx is woken when it has. Only the last waker is kept. Cost: one
// atomic operation to register, besides the clone; none if the waker is
// registered already; one if the task has ended.
func (j *JoinHandle[T]) Poll(cx Context) (res Result[T], ready bool) {
	c := j.cell("JoinHandle.Poll")
	if !c.register(cx.ref) {
		return res, false
	}
	return j.take("JoinHandle.Poll"), true
}

// TryJoin returns the outcome and consumes j, if the task has ended. It does not
// touch the waker of an earlier Poll. Cost: one atomic operation if the task has
// ended; otherwise one atomic load.
func (j *JoinHandle[T]) TryJoin() (res Result[T], ready bool) {
	if !j.cell("JoinHandle.TryJoin").state.Load().Complete() {
		return res, false
	}
	return j.take("JoinHandle.TryJoin"), true
}

// Join blocks the goroutine until the task has ended, and consumes j. If ctx
// ends first, Join leaves j as it was, and the error is context.Cause(ctx);
// otherwise it is a *JoinError or nil. The goroutine that runs the task must not
// call it. Only one goroutine may be in Join at a time: the waker of a second one
// would replace its own, and the first one would sleep for ever. The debug build
// panics in the second.
func (j *JoinHandle[T]) Join(ctx context.Context) (T, error) {
	c := j.cell("JoinHandle.Join")
	if debugging {
		defer j.token.joins()()
	}
	if c.state.Load().Complete() {
		res := j.take("JoinHandle.Join")
		return res.Value, res.Err
	}
	var p Parker
	for {
		if c.register(p.WakerRef()) {
			res := j.take("JoinHandle.Join")
			return res.Value, res.Err
		}
		if err := p.ParkContext(ctx); err != nil {
			var none T
			return none, err
		}
	}
}

// Detach gives up the outcome and consumes j. The task runs on; its output is
// destroyed, by Detach if it is there already. Cost: one atomic operation; two
// if a waker is registered and the task has not ended.
func (j *JoinHandle[T]) Detach() {
	c := j.cell("JoinHandle.Detach")
	j.token.end("JoinHandle.Detach")
	j.c = nil
	c.detach(false)
}

// Move returns j and sets the variable to zero: the caller owns the result.
// Cost: no atomic operation.
func (j *JoinHandle[T]) Move() (m JoinHandle[T]) {
	m.c, m.token = j.c, j.token
	j.c, j.token = nil, token{}
	return
}

// Abort is AbortHandle.Abort.
func (j *JoinHandle[T]) Abort() bool { return j.cell("JoinHandle.Abort").abort(CauseAborted) }

// AbortHandle returns a handle that can end the task. The memory of the task is
// not recycled from now on. Cost: one atomic operation the first time.
func (j *JoinHandle[T]) AbortHandle() AbortHandle {
	c := j.cell("JoinHandle.AbortHandle")
	c.state.pin("JoinHandle.AbortHandle")
	return AbortHandle{&c.Header}
}

// IsFinished reports whether the task has ended: then a Poll would be ready.
func (j *JoinHandle[T]) IsFinished() bool {
	return j.cell("JoinHandle.IsFinished").state.Load().Complete()
}

// ID returns the task's identity.
func (j *JoinHandle[T]) ID() ID { return j.cell("JoinHandle.ID").taskID() }

// IsZero reports whether j was consumed, or never set.
func (j *JoinHandle[T]) IsZero() bool { return j.c == nil }

// String says which task j is a handle to.
func (j *JoinHandle[T]) String() string {
	if j.c == nil {
		return "rouse.JoinHandle(zero)"
	}
	return fmt.Sprintf("rouse.JoinHandle(task %d, %v)", j.c.taskID(), j.c.Snapshot())
}

func (j *JoinHandle[T]) cell(op string) *joinCell[T] {
	if j.c == nil {
		panic("rouse: " + op + ": the JoinHandle is zero, or was consumed before")
	}
	j.token.check(op)
	return j.c
}

// take consumes j, whose task is complete.
func (j *JoinHandle[T]) take(op string) (res Result[T]) {
	c := j.c
	j.token.end(op)
	j.c = nil
	reads(&c.err, "error")
	if c.err != nil {
		res.Err = c.err
	} else {
		res.Value = c.take()
	}
	// The slot is the handle's unless the runner is waking from it, which then
	// empties it. What was in it goes last: the task may be gone by then.
	var slot Waker
	n := c.state.Load()
	if !n.JoinWaker() {
		slot = c.takeJoiner()
		// toJoinHandleDropped in short, for the word at hand.
		if left := n &^ flagJoinInterest; left != n && c.state.cas(n, left) {
			if left.Dead() {
				c.release()
			}
			slot.Drop()
			return
		}
	}
	act := c.state.toJoinHandleDropped(op, n)
	if act == actRetry {
		slot = c.takeJoiner()
		act = c.state.toJoinHandleDropped(op, c.state.Load())
	}
	if act != actNone {
		c.settled(act)
	}
	slot.Drop()
	return
}

// register arranges that r is woken at completion, and reports whether the task
// is complete instead. All that user code does, it does before the slot is
// touched or after it is whole.
func (c *cell) register(r WakerRef) (complete bool) {
	n := c.state.Load()
	if n.Complete() {
		return true
	}
	if !n.JoinWaker() {
		writes(&c.joiner, "join waker")
		c.joiner = r.Clone()
		// setJoinWaker in short, for the word at hand.
		if n.JoinInterest() && c.state.cas(n, n|flagJoinWaker) {
			return false
		}
		return c.state.setJoinWaker() == actComplete
	}
	reads(&c.joiner, "join waker")
	return !c.joiner.WillWake(r) && c.replaceJoiner(r)
}

func (c *cell) replaceJoiner(r WakerRef) (complete bool) {
	fresh := r.Clone()
	defer fresh.Drop()
	if c.state.unsetWaker("JoinHandle.Poll") == actComplete {
		return true
	}
	writes(&c.joiner, "join waker")
	old := c.joiner.Move()
	c.joiner = fresh.Move()
	fresh = old.Move()
	return c.state.setJoinWaker() == actComplete
}

// detach gives up JOIN_INTEREST. It is kept until all that is the handle's is
// destroyed, so that nothing is released meanwhile, and given up even if a
// destructor panics. taken says that the output is gone.
func (c *cell) detach(taken bool) {
	const op = "JoinHandle.Detach"
	var slot Waker
	destroying := false
	defer func() {
		if destroying { // unwinding: what is left goes all the same
			left := true
			goOn(recover(), func() bool {
				if left {
					left = false // before the call: it may unwind too
					c.detach(taken)
				}
				return false
			})
		}
	}()
	for {
		n := c.state.Load()
		switch {
		case n.Complete() && !n.JoinWaker():
			slot = c.takeJoiner()
		case !n.Complete() && n.JoinWaker():
			if c.state.unsetWaker(op) == actComplete {
				continue
			}
			slot = c.takeJoiner()
			n = c.state.Load()
		}
		destroying = true
		slot.Drop()
		if n.Complete() && !taken {
			taken = true // before the destructor: it is called once, though it panics
			reads(&c.err, "error")
			if c.err == nil {
				c.drop(theOutput)
			}
		}
		destroying = false
		if act := c.state.toJoinHandleDropped(op, n); act != actRetry {
			c.settled(act)
			return
		}
	}
}

// An AbortHandle can end a task, for as long as its holder likes. It may be
// copied, needs no Drop, and keeps only the task's memory, which is not recycled
// while a pointer like this may exist. The zero AbortHandle is none: IsZero
// accepts it, and the other methods panic. Its methods are safe for concurrent
// use by multiple goroutines.
//
// The idea is tokio's task::AbortHandle, without its count.
type AbortHandle struct{ h *Header }

// Abort asks the task to end at its next run, and submits it if none is owed. It
// reports whether this request was recorded first; the join result tells who
// won, the abort or a ready poll. Cost: one atomic operation; none if there is
// nothing to do.
func (a AbortHandle) Abort() bool { return a.task("AbortHandle.Abort").abort(CauseAborted) }

// IsFinished reports whether the task has ended.
func (a AbortHandle) IsFinished() bool { return a.task("AbortHandle.IsFinished").Snapshot().Complete() }

// ID returns the task's identity.
func (a AbortHandle) ID() ID { return a.task("AbortHandle.ID").taskID() }

// IsZero reports whether a is none.
func (a AbortHandle) IsZero() bool { return a.h == nil }

func (a AbortHandle) task(op string) *Header {
	if a.h == nil {
		panic("rouse: " + op + ": the AbortHandle is zero")
	}
	return a.h
}
