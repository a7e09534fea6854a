package rouse

import "context"

// A Result is how a task ended: with a Value, or with an Err that is a *JoinError.
type Result[T any] struct {
	Value T
	Err   error
}

// A JoinHandle is the right to the outcome of a task. Whoever has it awaits
// the outcome (Poll, Join, TryJoin) or gives it up (Detach); either consumes
// it. To forget one does no harm but that the task is not recycled and the
// destructor of its output not called.
//
// It must not be copied. Consuming zeroes the variable, and every use of a
// zero JoinHandle panics, but IsZero. A *JoinHandle[T] is a Future[Result[T]].
// Methods of one handle must not race, but Abort, AbortHandle, IsFinished and
// ID may with each other. It is tokio's task::JoinHandle.
type JoinHandle[T any] struct {
	_     noCopy
	token token
	c     *joinCell[T]
}

func (j *JoinHandle[T]) hold(c *joinCell[T]) {
	j.c = c
	j.token = joinToken(&c.Header)
}

// Poll returns the outcome and consumes j, if the task has ended; otherwise
// the waker in cx is woken when it has. Only the last waker is kept. RMWs: 1
// to register, and 1 of the joiner's word for the clone; registered before 0;
// ready 1.
func (j *JoinHandle[T]) Poll(cx Context) (res Result[T], ready bool) {
	c := j.held("JoinHandle.Poll")
	if !c.register(cx.ref) {
		return res, false
	}
	return j.take("JoinHandle.Poll"), true
}

// TryJoin returns the outcome and consumes j, if the task has ended. It does
// not touch the waker of an earlier Poll. RMWs: ready 1; else 0.
func (j *JoinHandle[T]) TryJoin() (res Result[T], ready bool) {
	if !j.held("JoinHandle.TryJoin").state.Load().Complete() {
		return res, false
	}
	return j.take("JoinHandle.TryJoin"), true
}

// Join blocks the goroutine until the task has ended, and consumes j; or until
// ctx has, and leaves j as it was: the error is context.Cause(ctx) then, else a
// *JoinError or nil. It must not be called by what runs the task.
func (j *JoinHandle[T]) Join(ctx context.Context) (T, error) {
	j.held("JoinHandle.Join")
	if res, ready := j.TryJoin(); ready {
		return res.Value, res.Err
	}
	var p parking
	p.init()
	w := p.waker()
	defer w.Drop()
	for {
		if res, ready := j.Poll(NewContext(w.Borrow())); ready {
			return res.Value, res.Err
		}
		if err := p.wait(ctx); err != nil {
			var none T
			return none, err
		}
	}
}

// Detach gives up the outcome and consumes j. The task runs on; its output is
// destroyed, here if it is there already. RMWs: 1; registered and unfinished 2.
func (j *JoinHandle[T]) Detach() {
	c := j.held("JoinHandle.Detach")
	j.token.end("JoinHandle.Detach")
	j.c = nil
	c.detach(false)
}

// Abort is AbortHandle.Abort.
func (j *JoinHandle[T]) Abort() bool { return j.held("JoinHandle.Abort").abort(CauseAborted) }

// AbortHandle returns a handle that can end the task, and pins its memory.
// RMWs: the first time 1.
func (j *JoinHandle[T]) AbortHandle() AbortHandle {
	c := j.held("JoinHandle.AbortHandle")
	c.state.Pin()
	return AbortHandle{&c.Header}
}

// IsFinished reports whether the task has ended: a Poll would be ready.
func (j *JoinHandle[T]) IsFinished() bool {
	return j.held("JoinHandle.IsFinished").state.Load().Complete()
}

// ID returns the task's identity.
func (j *JoinHandle[T]) ID() ID { return j.held("JoinHandle.ID").taskID() }

// IsZero reports whether j was consumed, or never set.
func (j *JoinHandle[T]) IsZero() bool { return j.c == nil }

func (j *JoinHandle[T]) held(op string) *joinCell[T] {
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
	reads(&c.stage, "stage")
	if f, ok := c.stage.(failed); ok {
		res.Err = f.err
	} else {
		res.Value = c.take()
	}
	// The slot is the handle's unless the runner is waking from it, which then
	// empties it. What was in it goes last: the task may be gone by then.
	var slot Waker
	n := c.state.Load()
	if !n.JoinWaker() {
		slot = c.takeJoiner()
	}
	act := c.state.ToJoinHandleDropped(n)
	if act == ActRetry {
		slot = c.takeJoiner()
		act = c.state.ToJoinHandleDropped(c.state.Load())
	}
	if act != ActNone {
		c.settled(act)
	}
	slot.dropUnlessZero()
	return
}

// register arranges that r is woken at completion, and reports whether the
// task is complete instead. All that user code does, cloning and dropping
// wakers, it does before the slot is touched or after it is whole.
func (c *cell) register(r WakerRef) (complete bool) {
	n := c.state.Load()
	if n.Complete() {
		return true
	}
	if !n.JoinWaker() {
		writes(&c.joiner, "join waker")
		c.joiner = r.Clone()
		return c.state.SetJoinWaker() == ActComplete
	}
	reads(&c.joiner, "join waker")
	if c.joiner.WillWake(r) {
		return false
	}
	fresh := r.Clone()
	defer fresh.dropUnlessZero()
	if c.state.UnsetWaker() == ActComplete {
		return true
	}
	c.swapJoiner(&fresh)
	return c.state.SetJoinWaker() == ActComplete
}

func (c *cell) swapJoiner(w *Waker) {
	writes(&c.joiner, "join waker")
	old := c.joiner.Move()
	c.joiner = w.Move()
	*w = old.Move()
}

// detach gives up JOIN_INTEREST. It is kept until all that is the handle's is
// destroyed, so that nothing is released meanwhile, and given up even if a
// destructor panics. taken says that the output is gone.
func (c *cell) detach(taken bool) {
	var slot Waker
	destroying := false
	defer func() {
		if destroying { // unwinding: what is left goes all the same
			c.detach(taken)
		}
	}()
	for {
		n := c.state.Load()
		switch {
		case n.Complete() && !n.JoinWaker():
			slot = c.takeJoiner()
		case !n.Complete() && n.JoinWaker():
			if c.state.UnsetWaker() == ActComplete {
				continue
			}
			slot = c.takeJoiner()
			n = c.state.Load()
		}
		destroying = true
		slot.dropUnlessZero()
		if n.Complete() && !taken {
			taken = true
			c.stage.drop(theOutput)
		}
		destroying = false
		if act := c.state.ToJoinHandleDropped(n); act != ActRetry {
			c.settled(act)
			return
		}
	}
}
