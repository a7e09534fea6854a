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

	mu mutex
	groupState
}

type groupState struct {
	live      int                 // tasks that have not ended
	aborts    []rouse.AbortHandle // of these, and of some that have
	cancelled bool
	err       error
}

// NewGroup returns a group without tasks.
func NewGroup(e *Executor) *Group { return &Group{exec: e} }

// Go spawns a task. It fails if the output of f is an error, if it panics, or if
// it is cancelled; the errors of these are rouse.ErrPanicked and context.Canceled.
// If the group was cancelled, so is the task.
func (g *Group) Go(f rouse.Future[error]) {
	g.lock()
	g.live++
	g.mu.Unlock()
	j := Spawn(g.exec, &member{group: g, what: f, err: context.Canceled})
	abort := j.AbortHandle()
	j.Detach()
	g.lock()
	if len(g.aborts) > 2*g.live {
		g.aborts = slices.DeleteFunc(g.aborts, rouse.AbortHandle.IsFinished)
	}
	g.aborts = append(g.aborts, abort)
	cancelled := g.cancelled
	g.mu.Unlock()
	if cancelled {
		abort.Abort()
	}
}

// Cancel cancels all tasks of the group, those to come among them.
func (g *Group) Cancel() { g.cancel(nil) }

// cancel does nothing if the group was cancelled before: the first error counts.
// It holds no lock while it aborts, since the end of a task takes it.
func (g *Group) cancel(err error) {
	g.lock()
	var aborts []rouse.AbortHandle
	if !g.cancelled {
		g.cancelled, g.err = true, err
		aborts, g.aborts = g.aborts, nil
	}
	g.mu.Unlock()
	for _, a := range aborts {
		a.Abort()
	}
}

// Wait returns a future that is ready once all tasks of the group have ended, with
// the error of the first that failed.
func (g *Group) Wait() rouse.Future[error] {
	return &waiting[error]{f: func(cx rouse.Context, w *rouse.Waiter) (err error, ready bool) {
		_, ready = g.empty.WaitUntil(cx, w, func() bool {
			g.lock()
			defer g.mu.Unlock()
			err = g.err
			return g.live == 0
		})
		return err, ready
	}}
}

func (g *Group) lock() {
	g.mu.Lock()
	writes(&g.groupState, "group")
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
	defer m.leave()
	drop(&m.what)
}

func (m *member) leave() {
	if m.err != nil {
		m.group.cancel(m.err)
	}
	m.group.lock()
	m.group.live--
	last := m.group.live == 0
	m.group.mu.Unlock()
	if last {
		m.group.empty.NotifyAll()
	}
}
