package executor

import (
	"context"
	"slices"

	"github.com/rouse-go/rouse"
)

// A Group is tasks that belong together. The first of them that fails cancels the
// others, and its error is that of the group. All methods are safe for concurrent
// use by multiple goroutines, tasks of the group among them.
type Group struct {
	exec  *Executor
	empty rouse.WaitQueue // told when live has become 0

	mu    mutex
	state struct {
		live   int                 // tasks that have not ended
		aborts []rouse.AbortHandle // of these, and of some that have
		err    error               // not nil once the group is cancelled
	}
}

// NewGroup returns a group without tasks.
func NewGroup(e *Executor) *Group { return &Group{exec: e} }

// Go spawns a task. It fails if the output of f is an error, if it panics, or if
// it is cancelled; the errors of these are rouse.ErrPanicked and context.Canceled.
// If the group was cancelled, so is the task.
func (g *Group) Go(f rouse.Future[error]) {
	g.update(1, nil)
	j := Spawn(g.exec, &member{group: g, what: f, err: context.Canceled})
	g.update(0, nil, j.AbortHandle())
	j.Detach()
}

// Cancel cancels all tasks of the group, those to come among them. Its error is
// context.Canceled, unless a task has failed before.
func (g *Group) Cancel() { g.update(0, context.Canceled) }

// update notes what is new, and returns how many tasks are left. It aborts them if
// the group is cancelled, without the lock, which the end of a task takes.
func (g *Group) update(more int, err error, abort ...rouse.AbortHandle) (left int) {
	g.mu.Lock()
	s := &g.state
	writes(s, "group")
	s.live += more
	if s.aborts = append(s.aborts, abort...); len(s.aborts) > 2*s.live {
		s.aborts = slices.DeleteFunc(s.aborts, rouse.AbortHandle.IsFinished)
	}
	if s.err == nil {
		s.err = err
	}
	var aborts []rouse.AbortHandle
	if s.err != nil {
		aborts, s.aborts = s.aborts, nil
	}
	left = s.live
	g.mu.Unlock()
	for _, a := range aborts {
		a.Abort()
	}
	return left
}

// Wait returns a future that is ready once all tasks of the group have ended, with
// the error of the group.
func (g *Group) Wait() rouse.Future[error] {
	return &waiting[error]{f: func(cx rouse.Context, w *rouse.Waiter) (err error, ready bool) {
		_, ready = g.empty.WaitUntil(cx, w, func() bool {
			g.mu.Lock()
			defer g.mu.Unlock()
			writes(&g.state, "group")
			err = g.state.err
			return g.state.live == 0
		})
		return err, ready
	}}
}

// A member is the future of a task of a group.
type member struct {
	group *Group
	what  rouse.Future[error]
	err   error // how the task ends, if it ends now
}

func (m *member) Poll(cx rouse.Context) (none struct{}, ready bool) {
	m.err = rouse.ErrPanicked // if the poll does not return
	err, ready := m.what.Poll(cx)
	if !ready {
		err = context.Canceled
	}
	m.err = err
	return none, ready
}

// Drop is called at the end of the task, whatever the end is.
func (m *member) Drop() {
	defer func() {
		if m.group.update(-1, m.err) == 0 {
			m.group.empty.NotifyAll()
		}
	}()
	drop(&m.what)
}
