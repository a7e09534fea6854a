//go:build rouse_explore

package gallery

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A pool that was shut down has no use for what is submitted to it. Who waits for the result is
// not told.
type shutPool struct {
	*host
	shut explore.Bool
}

//wakervet:allow notifiedlost it is the bug
func (s *shutPool) Schedule(n rouse.Notified, why rouse.Reason) {
	if s.shut.Load() {
		return // the bug: the task will never run, and never end
	}
	s.host.Schedule(n, why)
}

// A droppingPool ends what it will not run.
type droppingPool struct {
	*host
	shut explore.Bool
}

func (s *droppingPool) Schedule(n rouse.Notified, why rouse.Reason) {
	if s.shut.Load() {
		n.Drop()
		return
	}
	s.host.Schedule(n, why)
}

var forgottenNotified = bug{
	name:   "forgotten-notified",
	within: 2,
	fails:  `deadlock: spawner in Await("the wake of the joiner")`,
	format: snapshot,
	faulty: func(x *explore.Exec) {
		s := &shutPool{host: newHost(x)}
		spawnAndShut(x, s, &s.shut)
	},
	right: func(x *explore.Exec) {
		s := &droppingPool{host: newHost(x)}
		spawnAndShut(x, s, &s.shut)
	},
}

func spawnAndShut(x *explore.Exec, s rouse.Scheduler, shut *explore.Bool) {
	x.Name(shut, "shut")
	p := new(probe)
	x.Go("closer", func() { shut.Store(true) })
	x.Go("spawner", func() {
		j := rouse.Spawn(s, p)
		res := join(x, &j, 1)
		x.Assert((res.Err == nil) == (p.polls.Get() == 1), "%d polls, result %v", p.polls.Get(), res)
	})
}
