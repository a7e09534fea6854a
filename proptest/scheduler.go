package proptest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
)

// A SchedulerUnderTest is a new scheduler, how to drive and to close it, and
// what it promises beyond the contract of rouse.Scheduler.
type SchedulerUnderTest struct {
	// Scheduler is what tasks are spawned on.
	Scheduler rouse.Scheduler

	// Drive runs all tasks that are due or become due meanwhile, and returns
	// when there are none; a scheduler with goroutines of its own waits until
	// they have nothing to do. If it is nil the suite waits for what it
	// expects, until Timeout: a fault then takes that long to be found.
	Drive func()

	// Close closes the scheduler. It is called once, at the end, while tasks
	// may still be woken and spawned. Every Notified that the scheduler has
	// and every one that comes later is dropped, or run for the last time.
	Close func()

	// FIFO promises that tasks run in the order of the calls of Schedule.
	FIFO bool

	// FairYield promises that a task which is woken whenever it runs does not
	// keep others from running.
	FairYield bool

	// SurvivesPanics promises that a panic that comes out of Notified.Run,
	// such as a detached task's, does not keep other tasks from running, nor
	// go on to the program.
	SurvivesPanics bool

	// SurvivesGoexit promises the same of a runtime.Goexit, which ends the
	// goroutine that called Run. Drive then has to run tasks on goroutines
	// other than its caller's.
	SurvivesGoexit bool

	// Listed promises that the scheduler keeps a list of the tasks that were
	// spawned with Options.Listed, shuts them down in Close, and answers for
	// them in Hooks.Unlist.
	Listed bool

	// Timeout is how long a step may take before it counts as stuck, and how
	// long the suite waits where there is no Drive. Zero is 10 seconds.
	Timeout time.Duration
}

// TestScheduler checks that a scheduler keeps the contract of rouse.Scheduler:
// that each Notified is run or dropped exactly once, none inside the call that
// hands it over, whoever calls and whenever, also after Close, that tasks which
// panic do no harm to others, and that two schedulers do not disturb each other.
// Each check calls fresh for a scheduler of its own, one for two, and says on
// failure what to do.
//
// A panic that comes out of Notified.Run in a goroutine of the scheduler ends the
// process, as everywhere in Go, unless the scheduler recovers. Only the check of
// SurvivesPanics raises one. It runs in a process of its own, by which the test is
// run again up to its call of TestScheduler, and that process's end is a failure
// of the test. Where no process can be started, as on js and wasip1, the check runs
// in this one, and the message of the panic says what it is.
//
// Run it with the race detector too.
func TestScheduler(t *testing.T, fresh func() SchedulerUnderTest) {
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			var err error
			if c.apart {
				err = c.tryApart(t, fresh)
			} else {
				err = c.try(fresh)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// CheckScheduler is TestScheduler outside a test: it returns what it found, or nil.
// All checks run in this process.
func CheckScheduler(fresh func() SchedulerUnderTest) error {
	var errs []error
	for _, c := range checks {
		if err := c.try(fresh); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", c.name, err))
		}
	}
	return errors.Join(errs...)
}

// A check is one of the suite. needs is nil if the contract itself asks for it.
type check struct {
	name  string
	needs func(SchedulerUnderTest) bool
	run   func(*trial)
	apart bool // it raises what may end the process
}

var checks = []check{
	{name: "each spawned task runs once", run: runsOnce},
	{name: "each wake of an idle task runs it once more", run: runsForEachWake},
	{name: "a task that is woken while it runs is run again", run: runsYielded},
	{name: "the call that hands a Notified over does not run the task", run: handsOver},
	{name: "the scheduler can be called inside a Poll", run: calledInPoll},
	{name: "the call that hands a Notified over does not block", run: doesNotBlock},
	{name: "the scheduler can be called by many goroutines", run: calledByMany},
	{name: "tasks that panic do no harm to others", run: joinedPanics},
	{name: "a panic that comes out of Run does no harm", needs: func(s SchedulerUnderTest) bool { return s.SurvivesPanics }, run: detachedPanics, apart: true},
	{name: "a Goexit in a Poll does no harm", needs: func(s SchedulerUnderTest) bool { return s.SurvivesGoexit }, run: exits},
	{name: "tasks run in order", needs: func(s SchedulerUnderTest) bool { return s.FIFO }, run: inOrder},
	{name: "a yielding task lets others run", needs: func(s SchedulerUnderTest) bool { return s.FairYield }, run: yieldsFairly},
	{name: "what is queued when it closes resolves", run: closesQueued},
	{name: "what is woken after it closed resolves", run: closesIdle},
	{name: "what is spawned after it closed resolves", run: spawnsClosed},
	{name: "a destructor can call the closed scheduler", run: calledInDrop},
	{name: "what is spawned and woken while it closes resolves", run: closesBusy},
	{name: "a scheduler does not disturb another", run: besideAnother},
	{name: "listed tasks are shut down and released", needs: func(s SchedulerUnderTest) bool { return s.Listed }, run: releasesListed},
}
