//go:build rouse_explore

package scenarios

import (
	"context"
	"errors"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// What threads do with a task's JoinHandle, of which there is one.

// joiner awaits the outcome: it polls, and again when it was woken.
func (t *task) joiner() { t.joinerWith(t.w.spy()) }

func (t *task) joinerWith(s *spy) {
	t.w.x.Daemon(t.name+".join", func() { t.awaits(s) })
}

func (t *task) awaits(s *spy) {
	if t.joins(s, &t.join) {
		return
	}
	t.waiting.add(1)
	t.w.x.Await("woken", func() bool { return s.wakes.Get() > 0 })
	t.waiting.add(-1)
	t.assert(t.joins(s, &t.join), "the joiner was woken before the task had ended")
}

// joins polls the handle once, and reports whether that was the end.
func (t *task) joins(s *spy, j *rouse.JoinHandle[output]) (ready bool) {
	return explore.Do(t.w.x, func() bool {
		defer t.unwound()
		s.joins = true
		r, ready := j.Poll(s.cx())
		if ready {
			t.joined(r)
		}
		return ready
	})
}

// joinTwice polls with one waker, then with another, then detaches.
func (t *task) joinTwice() {
	s, z := t.w.spy(), t.w.spy()
	t.w.x.Go(t.name+".joinTwice", func() {
		if !t.joins(s, &t.join) && !t.joins(z, &t.join) {
			t.detach()
		}
	})
}

// joinAgain polls twice with one waker, then detaches.
func (t *task) joinAgain() {
	s := t.w.spy()
	t.w.x.Go(t.name+".joinAgain", func() {
		if !t.joins(s, &t.join) && !t.joins(s, &t.join) {
			t.detach()
		}
	})
}

// joinOnce polls, then detaches.
func (t *task) joinOnce() {
	s := t.w.spy()
	t.w.x.Go(t.name+".joinOnce", func() {
		if !t.joins(s, &t.join) {
			t.detach()
		}
	})
}

// joinMoves polls with one waker, then awaits with another.
func (t *task) joinMoves() {
	s, z := t.w.spy(), t.w.spy()
	t.w.x.Daemon(t.name+".joinMoves", func() {
		if !t.joins(s, &t.join) {
			t.awaits(z)
		}
	})
}

// tryJoin takes the outcome if it is there, else detaches.
func (t *task) tryJoin() {
	t.w.x.Go(t.name+".tryJoin", func() {
		if !t.tries() {
			t.detach()
		}
	})
}

func (t *task) tries() (ready bool) {
	return explore.Do(t.w.x, func() bool {
		defer t.unwound()
		r, ready := t.join.TryJoin()
		if ready {
			t.joined(r)
		}
		return ready
	})
}

// blocks awaits the outcome as a goroutine does.
func (t *task) blocks() {
	t.w.x.Daemon(t.name+".block", func() { t.blocksOn(context.Background()) })
}

// blocksAWhile does so until a context ends, then detaches.
func (t *task) blocksAWhile() {
	ctx := &bounded{Context: context.Background()}
	t.w.x.Name(ctx, "context")
	t.w.x.Go("cancel", func() { ctx.over.Store(true) })
	t.w.x.Go(t.name+".block", func() {
		if !t.blocksOn(ctx) {
			t.detach()
		}
	})
}

func (t *task) blocksOn(ctx context.Context) (ready bool) {
	defer t.unwound()
	t.waiting.add(1)
	v, err := t.join.Join(ctx)
	t.waiting.add(-1)
	if errors.Is(err, context.Canceled) {
		return false
	}
	t.joined(rouse.Result[output]{Value: v, Err: err})
	return true
}

// A bounded context is ended by another thread.
type bounded struct {
	context.Context
	over explore.Bool
}

func (b *bounded) Err() error {
	if b.over.Load() {
		return context.Canceled
	}
	return nil
}

// detacher drops the handle.
func (t *task) detacher() { t.w.x.Go(t.name+".detach", t.detach) }

func (t *task) detach() {
	t.w.x.Do(func() {
		defer t.unwound()
		t.join.Detach()
	})
}

// abortsThenDetaches aborts through the handle, then drops it.
func (t *task) abortsThenDetaches() {
	t.may(rouse.CauseAborted)
	t.w.x.Go(t.name+".abortDetach", func() {
		t.w.x.Do(func() {
			defer t.unwound()
			t.aborted(t.join.Abort())
		})
		t.detach()
	})
}

// pins makes an AbortHandle, hands it to a thread that aborts, and drops its handle; polls says
// how often it polls before.
func (t *task) pins(polls int) {
	var handle rouse.AbortHandle
	handed := new(explore.Ghost[bool])
	s, z := t.w.spy(), t.w.spy()
	t.may(rouse.CauseAborted)
	t.w.x.Go(t.name+".pin", func() {
		t.w.x.Do(func() { handle = t.join.AbortHandle() })
		handed.Set(true)
		if polls > 0 && t.joins(s, &t.join) || polls > 1 && t.joins(z, &t.join) {
			return
		}
		t.detach()
	})
	t.w.x.Go(t.name+".abortHandle", func() {
		t.w.x.Await("handle", handed.Get)
		t.aborted(handle.Abort())
	})
}
