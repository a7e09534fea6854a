package proptest

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A trial is one check of one scheduler. The check runs on a goroutine of its
// own, so that a scheduler that blocks is told from a slow one.
type trial struct {
	SchedulerUnderTest
	fresh    func() SchedulerUnderTest
	watching bool        // probes look at whose stack they are on, which takes its time
	closed   atomic.Bool // Close was called: tasks may be dropped where they are handed over

	alone sync.Mutex // guards what follows
	step  string     // what the check is doing, and what to do if it never ends
	wrong []error
}

// failed unwinds a check that cannot go on.
type failed struct{}

// try runs the check. A scheduler that does not promise what it needs is only closed.
func (c check) try(fresh func() SchedulerUnderTest) error {
	s := fresh()
	if c.needs != nil && !c.needs(s) {
		c.run = func(*trial) {}
	}
	if s.Timeout == 0 {
		s.Timeout = 10 * time.Second
	}
	t := &trial{SchedulerUnderTest: s, fresh: fresh, watching: true}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer t.recover()
		c.run(t)
		t.close()
	}()
	select {
	case <-done:
	case <-time.After(2 * s.Timeout):
		t.errorf("stuck: %s", t.doing(""))
	}
	t.alone.Lock()
	defer t.alone.Unlock()
	return errors.Join(t.wrong...)
}

// recover turns what a check panics with into a finding.
func (t *trial) recover() {
	switch v := recover().(type) {
	case nil, failed:
	default:
		t.errorf("panic: %v; while %s", v, t.doing(""))
	}
}

// maxWrong is how many findings are kept: the first tell the most.
const maxWrong = 3

func (t *trial) errorf(format string, args ...any) {
	t.alone.Lock()
	defer t.alone.Unlock()
	if len(t.wrong) < maxWrong {
		t.wrong = append(t.wrong, fmt.Errorf(format, args...))
	}
}

func (t *trial) fatalf(format string, args ...any) {
	t.errorf(format, args...)
	panic(failed{})
}

// doing notes what comes next, if it is anything, and returns what was noted.
func (t *trial) doing(step string) string {
	t.alone.Lock()
	defer t.alone.Unlock()
	if step != "" {
		t.step = step
	}
	return t.step
}

// close closes the scheduler, once.
func (t *trial) close() {
	if t.closed.Swap(true) {
		return
	}
	t.doing("Close: it must not wait for tasks that are idle, and must not hold a lock that a task needs to end")
	t.Close()
}

// await lets the scheduler run until done holds, and reports whether it does.
func (t *trial) await(done func() bool) bool {
	if t.Drive != nil && !t.closed.Load() {
		t.doing("Drive: it must return once no task is due, and must not hold a lock while it calls Notified.Run")
		t.Drive()
		return done()
	}
	for end := time.Now().Add(t.Timeout); !done(); time.Sleep(50 * time.Microsecond) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

// calling marks the stack below which the scheduler is handed a Notified.
//
//go:noinline
func (t *trial) calling(what string, f func()) {
	before := t.doing("")
	t.doing(what + ": Schedule and Yield must not block, nor wait for a lock that is held while a task runs or is dropped")
	f()
	t.doing(before)
}

// handedOver reports whether its caller runs on a stack that is to hand a
// Notified to the scheduler: below calling, or below another task's Run.
func handedOver() bool {
	pcs := make([]uintptr, 128)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for runs := 0; ; {
		f, more := frames.Next()
		if strings.HasSuffix(f.Function, ".Notified.Run") {
			runs++
		}
		if runs == 2 || strings.HasSuffix(f.Function, ".(*trial).calling") {
			return true
		}
		if !more {
			return false
		}
	}
}
