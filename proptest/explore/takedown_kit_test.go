//go:build rouse_explore

package explore_test

import (
	"strings"
	"testing"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A list that is closed finishes its work behind whatever unwinds it. A failure at that time is
// reported, and so is a thread that is stuck there.
func TestFailureWhileClosing(t *testing.T) {
	r := explore.CheckFails(t, explore.Config{}, 1000, func(x *explore.Exec) {
		rouse.Restart()
		var tasks rouse.OwnedTasks
		closed := new(explore.Ghost[bool])
		x.Go("closer", func() {
			tasks.CloseAndShutdownAll()
			closed.Set(true)
		})
		x.Go("other", func() {
			x.Assert(!tasks.IsClosed() || closed.Get(), "not yet closed")
		})
	})
	if r.Failure.Message != "not yet closed" {
		t.Error(r.Failure)
	}
}

func TestDeadlockWhileClosing(t *testing.T) {
	r := explore.CheckFails(t, explore.Config{}, 1000, func(x *explore.Exec) {
		rouse.Restart()
		var tasks rouse.OwnedTasks
		var mu explore.Mutex
		x.Name(&mu, "mu")
		s := rouse.ScheduleFunc(func(n rouse.Notified, _ rouse.Reason) { n.Run() })
		j := rouse.SpawnWith[int](s, locker{&mu}, rouse.Options{Owned: &tasks, NoOrphanCheck: true})
		j.Detach()
		x.Go("closer", func() {
			mu.Lock()
			tasks.CloseAndShutdownAll()
			mu.Unlock()
		})
	})
	if !strings.Contains(r.Failure.Message, "deadlock: closer in mu.Lock") {
		t.Error(r.Failure)
	}
}

// locker is a future whose destructor takes a lock.
type locker struct{ mu *explore.Mutex }

func (l locker) Poll(rouse.Context) (int, bool) { return 0, false }

func (l locker) Drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
}
