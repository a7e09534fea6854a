package executor

import (
	"context"

	"github.com/rouse-go/rouse"
)

// A Group is tasks that belong together. The first of them that fails cancels the
// others, and its error is that of the group. All methods are safe for concurrent
// use by multiple goroutines, tasks of the group among them.
type Group struct {
	exec  *Executor
	empty rouse.WaitQueue

	mu        mutex
	members   []*member // that have not ended
	starting  int       // calls of Go that have not put their member there yet
	cancelled bool
	err       error
}

// A member is the future of a task of a group.
type member struct {
	group   *Group
	what    part[error]
	polling bool // or a poll has panicked
	ready   bool
	err     error

	// These are guarded by the lock of the group.
	abort rouse.AbortHandle
	index int // in Group.members
	ended bool
}

// NewGroup returns a group without tasks.
func NewGroup(e *Executor) *Group { return &Group{exec: e} }

// Go spawns a task. It fails if the output of f is an error, if it panics, or if
// it is cancelled; the errors of these are rouse.ErrPanicked and context.Canceled.
// If the group was cancelled, so is the task.
func (g *Group) Go(f rouse.Future[error]) {
	g.mu.Lock()
	writes(&g.members, "group")
	g.starting++
	g.mu.Unlock()

	m := &member{group: g, what: part[error]{f}}
	j := Spawn(g.exec, m)
	abort := j.AbortHandle()
	j.Detach()

	g.mu.Lock()
	writes(&g.members, "group")
	g.starting--
	if !m.ended {
		m.abort, m.index = abort, len(g.members)
		g.members = append(g.members, m)
	}
	cancelled, empty := g.cancelled, g.isEmpty()
	g.mu.Unlock()
	if cancelled {
		abort.Abort()
	}
	if empty {
		g.empty.NotifyAll()
	}
}

// Cancel cancels all tasks of the group, those to come among them.
func (g *Group) Cancel() {
	g.mu.Lock()
	writes(&g.members, "group")
	g.cancelled = true
	var aborts []rouse.AbortHandle
	for _, m := range g.members {
		aborts = append(aborts, m.abort)
	}
	g.mu.Unlock()
	for _, a := range aborts { // a closed executor ends a task here, and the task takes the lock
		a.Abort()
	}
}

// Wait returns a future that is ready once all tasks of the group have ended, with
// the error of the first that failed.
func (g *Group) Wait() rouse.Future[error] { return &groupWait{g: g} }

type groupWait struct {
	g    *Group
	wait rouse.Waiter
}

func (w *groupWait) Poll(cx rouse.Context) (err error, ready bool) {
	_, ready = w.g.empty.WaitUntil(cx, &w.wait, func() (empty bool) {
		w.g.mu.Lock()
		defer w.g.mu.Unlock()
		reads(&w.g.members, "group")
		err = w.g.err
		return w.g.isEmpty()
	})
	return err, ready
}

func (w *groupWait) Drop() { w.wait.Drop() }

// isEmpty needs the lock.
func (g *Group) isEmpty() bool { return g.starting == 0 && len(g.members) == 0 }

func (m *member) Poll(cx rouse.Context) (none struct{}, ready bool) {
	m.polling = true
	m.err, m.ready = m.what.poll(cx)
	m.polling = false
	return none, m.ready
}

// Drop is called at the end of the task, whatever the end is.
func (m *member) Drop() {
	defer m.leave()
	if m.what.f != nil {
		m.what.drop()
	}
}

func (m *member) leave() {
	switch {
	case m.polling:
		m.err = rouse.ErrPanicked
	case !m.ready:
		m.err = context.Canceled
	}
	if failed := m.group.remove(m); failed {
		m.group.Cancel()
	}
}

// remove takes m out, and reports whether it is the first that failed.
func (g *Group) remove(m *member) (failed bool) {
	g.mu.Lock()
	writes(&g.members, "group")
	m.ended = true
	if !m.abort.IsZero() {
		last := g.members[len(g.members)-1]
		g.members[m.index], last.index = last, m.index
		g.members = g.members[:len(g.members)-1]
	}
	if failed = m.err != nil && !g.cancelled && g.err == nil; failed {
		g.err = m.err
	}
	empty := g.isEmpty()
	g.mu.Unlock()
	if empty {
		g.empty.NotifyAll()
	}
	return failed
}
