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
	empty rouse.WaitQueue // told when live has become 0

	mu        mutex
	live      int                           // tasks that have not ended
	members   map[*member]rouse.AbortHandle // of these, once Go has spawned them
	cancelled bool
	err       error
}

// NewGroup returns a group without tasks.
func NewGroup(e *Executor) *Group {
	return &Group{exec: e, members: map[*member]rouse.AbortHandle{}}
}

// Go spawns a task. It fails if the output of f is an error, if it panics, or if
// it is cancelled; the errors of these are rouse.ErrPanicked and context.Canceled.
// If the group was cancelled, so is the task.
func (g *Group) Go(f rouse.Future[error]) {
	m := &member{group: g, what: part[error]{f}}
	g.locked(func() { g.live++ })
	j := Spawn(g.exec, m) // without the lock: a closed executor ends the task here, which takes it
	abort := j.AbortHandle()
	j.Detach()
	var cancelled bool
	g.locked(func() {
		if !m.ended {
			g.members[m] = abort
		}
		cancelled = g.cancelled
	})
	if cancelled {
		abort.Abort()
	}
}

// Cancel cancels all tasks of the group, those to come among them.
func (g *Group) Cancel() {
	var aborts []rouse.AbortHandle
	g.locked(func() {
		g.cancelled = true
		for _, a := range g.members {
			aborts = append(aborts, a)
		}
	})
	for _, a := range aborts { // without the lock, as in Go
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
		w.g.locked(func() { empty, err = w.g.live == 0, w.g.err })
		return empty
	})
	return err, ready
}

func (w *groupWait) Drop() { w.wait.Drop() }

func (g *Group) locked(f func()) {
	g.mu.Lock()
	writes(&g.live, "group")
	f()
	g.mu.Unlock()
}

// A member is the future of a task of a group.
type member struct {
	group   *Group
	what    part[error]
	polling bool // or a poll has panicked
	ready   bool
	err     error
	ended   bool // guarded by the lock of the group
}

func (m *member) Poll(cx rouse.Context) (none struct{}, ready bool) {
	m.polling = true
	m.err, m.ready = m.what.poll(cx)
	m.polling = false
	return none, m.ready
}

// Drop is called at the end of the task, whatever the end is.
func (m *member) Drop() {
	defer m.leave()
	m.what.drop()
}

func (m *member) leave() {
	switch {
	case m.polling:
		m.err = rouse.ErrPanicked
	case !m.ready:
		m.err = context.Canceled
	}
	var failed, last bool
	m.group.locked(func() {
		g := m.group
		if failed = m.err != nil && !g.cancelled && g.err == nil; failed {
			g.err = m.err
		}
		delete(g.members, m)
		m.ended = true
		g.live--
		last = g.live == 0
	})
	if failed {
		m.group.Cancel()
	}
	if last {
		m.group.empty.NotifyAll()
	}
}
