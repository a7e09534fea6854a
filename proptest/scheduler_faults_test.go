package proptest

import (
	"strings"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
)

// faults names the check that finds each, and what its message says. Where a
// fault shows only by what never happens, it is given little time to.
var faults = []struct {
	fault, check, says string
	timeout            time.Duration
}{
	{"runs inline", "the call that hands a Notified over does not run the task", "call its Run from the scheduler's own loop", 0},
	{"runs inline", "the scheduler can be called inside a Poll", "on the stack of whoever woke it", 0},
	{"runs what yields", "a task that is woken while it runs is run again", "on the stack of whoever woke it", 0},
	{"has one place", "each spawned task runs once", "every Notified that the scheduler receives must be Run", 0},
	{"loses what yields", "a task that is woken while it runs is run again", "handed to Schedule or Yield", 0},
	{"runs twice", "each spawned task runs once", "consumed before", 0},
	{"runs twice", "each wake of an idle task runs it once more", "consumed before", 0},
	{"drops when full", "the call that hands a Notified over does not block", "only a closed", 0},
	{"blocks when full", "the call that hands a Notified over does not block", "stuck: Schedule, called by Spawn: Schedule and Yield must not block", soon},
	{"panics when called", "each spawned task runs once", "panic: not implemented; while Schedule, called by Spawn", 0},
	{"runs under its lock", "the scheduler can be called inside a Poll", "nor wait for a lock that is held while a task runs", soon},
	{"drops under its lock", "a destructor can call the closed scheduler", "stuck: Schedule, called by a destructor", soon},
	{"forgets what comes after it closed", "what is woken after it closed resolves", "on every one that still comes", soon},
	{"forgets what comes after it closed", "what is spawned after it closed resolves", "on every one that still comes", soon},
	{"forgets what it has when it closes", "what is queued when it closes resolves", "must call Drop on every Notified that it has", soon},
	{"takes the last", "tasks run in order", "append to the end of the queue, take from its front", 0},
	{"puts what yields first", "a yielding task lets others run", "behind all that are queued", 0},
	{"dies of panics", "a panic that comes out of Run does no harm", "recover around Run", 0},
	{"dies of Goexits", "a Goexit in a Poll does no harm", "start a new goroutine by defer", 0},
	{"has no lock", "the scheduler can be called by many goroutines", "handed to Schedule or Yield", 0},
	{"stops at a panic", "tasks that panic do no harm to others", "handed to Schedule or Yield", 0},
	{"looks first whether it is closed", "what is spawned and woken while it closes resolves", "on every one that still comes", soon},
	{"releases all", "listed tasks are shut down and released", "panic: rouse: ", 0},
	{"releases nothing", "listed tasks are shut down and released", "must take it off the list and report true", soon},
	{"releases again", "listed tasks are shut down and released", "not on the list any more", 0},
	{"closes without Shutdown", "listed tasks are shut down and released", "Close has to call RawTask.Shutdown", soon},
	{isShared, "a scheduler does not disturb another", "tasks of a scheduler ended when another one was closed", 0},
	{isAlone, "a scheduler does not disturb another", "stuck: a task of one scheduler waits for tasks of another", soon},
	{"", "listed tasks are shut down and released", "implement rouse.Hooks", 0},
}

// tries is how often a check may miss a fault that shows only when callers meet.
const tries = 100

const soon = 300 * time.Millisecond

func faulty(t *testing.T, fault string, timeout time.Duration) SchedulerUnderTest {
	l := &loop{fault: fault, over: make(chan struct{}), late: make(chan struct{}), shut: make(chan struct{})}
	t.Cleanup(func() { close(l.over) })
	s := SchedulerUnderTest{Scheduler: l, Drive: l.drive, Close: l.close, Timeout: timeout,
		FIFO: true, FairYield: true, SurvivesPanics: true, SurvivesGoexit: true, Listed: true}
	if hooked(fault) {
		h := &hookedLoop{loop: l, listed: map[rouse.RawTask]bool{}}
		s.Scheduler, s.Close = h, h.close
	}
	return s
}

// isShared is the fault of two schedulers that are one behind their fronts.
const isShared = "is one for all"

// isAlone is the fault of schedulers with one lock for all, held while a task runs.
const isAlone = "runs while no other does"

// freshly makes schedulers with a fault.
func freshly(t *testing.T, fault string, timeout time.Duration) func() SchedulerUnderTest {
	if fault == isShared {
		s := faulty(t, fault, timeout)
		return func() SchedulerUnderTest { return s }
	}
	return func() SchedulerUnderTest { return faulty(t, fault, timeout) }
}

func TestFaultySchedulers(t *testing.T) {
	for _, f := range faults {
		t.Run(f.fault+"/"+f.check, func(t *testing.T) {
			for _, c := range checks {
				if c.name != f.check {
					continue
				}
				err := c.try(freshly(t, f.fault, f.timeout))
				for n := 1; n < tries && err == nil; n++ { // nothing has met in the gap
					err = c.try(freshly(t, f.fault, f.timeout))
				}
				for late := f.timeout; !says(err, f.says) && 0 < late && late < 100*soon; {
					late *= 10 // a busy machine is slow elsewhere, too
					err = c.try(freshly(t, f.fault, late))
				}
				if !says(err, f.says) {
					t.Errorf("found %v\nwant a message with %q", err, f.says)
				}
				return
			}
			t.Errorf("there is no such check")
		})
	}
}

func says(err error, what string) bool { return err != nil && strings.Contains(err.Error(), what) }

// A scheduler without a Drive is waited for; a fault still shows.
func TestFaultySchedulerWithoutDrive(t *testing.T) {
	none := rouse.ScheduleFunc(func(rouse.Notified, rouse.Reason) {})
	err := checks[0].try(func() SchedulerUnderTest {
		return SchedulerUnderTest{Scheduler: none, Close: func() {}, Timeout: soon}
	})
	if !says(err, "1 of 1 tasks never ended") {
		t.Error(err)
	}
}

func TestCheckScheduler(t *testing.T) {
	fresh := func(fault string) func() SchedulerUnderTest {
		return func() SchedulerUnderTest {
			s := faulty(t, fault, 0)
			s.Listed = false
			return s
		}
	}
	if err := CheckScheduler(fresh("")); err != nil {
		t.Error(err)
	}
	if err := CheckScheduler(func() SchedulerUnderTest { return faulty(t, noFault, 0) }); err != nil {
		t.Error(err)
	}
	err := CheckScheduler(fresh("takes the last"))
	if err == nil || !strings.HasPrefix(err.Error(), "tasks run in order: ") {
		t.Errorf("found %v, want only that the order is wrong", err)
	}
}
