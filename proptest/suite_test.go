package proptest

import (
	"sync"
	"testing"
	"time"
)

// Each check has a scheduler of its own, one has two, and each of them is closed once.
func TestEachSchedulerIsClosedOnce(t *testing.T) {
	for _, promises := range []bool{false, true} {
		var alone sync.Mutex
		var closed []int
		err := CheckScheduler(func() SchedulerUnderTest {
			s := faulty(t, noFault, 0)
			if !promises {
				s.FIFO, s.FairYield, s.SurvivesPanics, s.SurvivesGoexit, s.Listed = false, false, false, false, false
			}
			alone.Lock()
			i := len(closed)
			closed = append(closed, 0)
			alone.Unlock()
			end := s.Close
			s.Close = func() {
				alone.Lock()
				closed[i]++
				alone.Unlock()
				end()
			}
			return s
		})
		if err != nil {
			t.Error(err)
		}
		if len(closed) != len(checks)+1 {
			t.Errorf("%d schedulers for %d checks", len(closed), len(checks))
		}
		for i, n := range closed {
			if n != 1 {
				t.Errorf("promises %v: scheduler %d was closed %d times", promises, i, n)
			}
		}
	}
}

func TestTimeouts(t *testing.T) {
	for set, want := range map[time.Duration]time.Duration{0: 10 * time.Second, time.Minute: time.Minute} {
		var got time.Duration
		c := check{run: func(t *trial) { got = t.Timeout }}
		if err := c.try(func() SchedulerUnderTest { return faulty(t, "", set) }); err != nil || got != want {
			t.Errorf("Timeout %v is %v, want %v: %v", set, got, want, err)
		}
	}
}
