//go:build !js && !wasip1

package proptest

import (
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rouse-go/rouse"
)

// A panic that comes out of Notified.Run on a goroutine of the scheduler is a
// failure of the test, and does not end its process.
func TestPanicThatEscapes(t *testing.T) {
	for name, s := range map[string]struct {
		run  func(rouse.Notified)
		says []string
	}{
		"recovered": {run: func(n rouse.Notified) {
			defer func() { recover() }()
			n.Run()
		}},
		"escapes": {rouse.Notified.Run, []string{"let the panic of a task escape", "recover around Notified.Run", "panic: rouse: task 1 panicked: " + outOfRun, "rouse.Notified.Run"}},
		"told":    {func(rouse.Notified) {}, []string{"in a process of its own: exit status 1", "--- FAIL: TestPanicThatEscapes/told", "0 of 10 other tasks were run"}},
	} {
		if s.says != nil && !startsPrograms() {
			continue // the panic would end this process
		}
		t.Run(name, func(t *testing.T) {
			var scheduled atomic.Int64
			err := panicCheck(t).tryApart(t, func() SchedulerUnderTest {
				return SchedulerUnderTest{
					Scheduler: rouse.ScheduleFunc(func(n rouse.Notified, _ rouse.Reason) {
						scheduled.Add(1)
						go s.run(n)
					}),
					Close:          func() {},
					SurvivesPanics: true,
					Timeout:        soon,
				}
			})
			if os.Getenv(apartIn) != "" { // this is the other process
				if err != nil {
					t.Error(err)
				}
				return
			}
			if scheduled.Load() != 0 && startsPrograms() {
				t.Errorf("%d tasks ran in this process", scheduled.Load())
			}
			if s.says == nil && err != nil {
				t.Error(err)
			}
			for _, part := range s.says {
				if !says(err, part) {
					t.Errorf("found %v\nwant a message with %q", err, part)
				}
			}
		})
	}
}

// A scheduler that promises nothing of the kind is closed, and no task of it panics.
func TestPanicNotPromised(t *testing.T) {
	closed := 0
	err := panicCheck(t).tryApart(t, func() SchedulerUnderTest {
		none := rouse.ScheduleFunc(func(n rouse.Notified, _ rouse.Reason) {
			t.Error("a task was spawned")
			n.Drop()
		})
		return SchedulerUnderTest{Scheduler: none, Close: func() { closed++ }}
	})
	if err != nil || closed != 1 {
		t.Errorf("%v, closed %d times", err, closed)
	}
}

// startsPrograms reports whether this program can start itself: an emulator of
// another architecture cannot.
func startsPrograms() bool {
	program, err := os.Executable()
	return err == nil && exec.Command(program, "-test.run=^$").Run() == nil
}

func panicCheck(t *testing.T) check {
	t.Helper()
	for _, c := range checks {
		if c.apart {
			return c
		}
	}
	t.Fatal("no check is apart")
	return check{}
}

func TestExactly(t *testing.T) {
	if got, want := exactly("TestA/b.c/d#01"), `^TestA$/^b\.c$/^d#01$`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := lastLines("x\n=== RUN y\n" + strings.Repeat("z\n", 50)); !strings.HasPrefix(got, "=== RUN y\nz") || !strings.HasSuffix(got, "z\n…") {
		t.Errorf("%q", got)
	}
}
