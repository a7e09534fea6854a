package explore

import (
	"fmt"
	"math/bits"
	"sync"
	"testing"
	"time"
)

// Run searches the schedules of the scenario that body declares, until one fails or none is left.
//
// One exploration runs at a time. While it does, instrumented objects must be used by its threads
// alone: a test that explores must not be a parallel test.
func Run(c Config, body func(x *Exec)) Report {
	return newEngine(c, body).runAll()
}

func (e *engine) runAll() Report {
	c := e.cfg
	defer e.own()()
	defer e.watch()()
	d := &dfs{e: e, reduce: !c.NoReduction && c.Preemptions == 0}
	e.search = d
	if c.Random > 0 {
		e.search = newWalk(e)
	}
	if c.CrossCheck {
		e.outcomes = map[uint64]bool{}
	}
	e.run()
	e.rep.States = d.visited.n
	if e.failure != nil && e.collect == nil {
		e.rep.Failure = e.explain()
	} else if c.CrossCheck && e.rep.Exhausted {
		e.crossCheck()
	}
	return e.rep
}

// Check is Run for a scenario that must pass: it fails t with the schedule if it does not.
func Check(t testing.TB, c Config, body func(x *Exec)) Report {
	t.Helper()
	if c.Name == "" {
		c.Name = t.Name()
	}
	r := Run(c, body)
	if r.Failure != nil {
		t.Errorf("%s after %d schedules: %v", c.Name, r.Schedules, r.Failure)
	} else {
		t.Log(r)
	}
	return r
}

// CheckFails is Run for a scenario that must fail within the given number of schedules, which it
// returns with the failure.
func CheckFails(t testing.TB, c Config, within int, body func(x *Exec)) Report {
	t.Helper()
	if c.Name == "" {
		c.Name = t.Name()
	}
	if c.MaxSchedules == 0 {
		c.MaxSchedules = within
	}
	r := Run(c, body)
	if r.Failure == nil {
		t.Errorf("%s: no failure in %d schedules", c.Name, r.Schedules)
		r.Failure = &Failure{}
	} else {
		t.Log(r)
	}
	return r
}

// Replay runs the one schedule that a failure's token stands for.
func Replay(token string, c Config, body func(x *Exec)) (Report, error) {
	choices, err := parseToken(token)
	if err != nil {
		return Report{}, err
	}
	e := newEngine(c, body)
	defer e.own()()
	e.search = &script{e: e, choices: choices}
	e.run()
	e.rep.Exhausted = false
	if e.failure != nil {
		e.rep.Failure = e.explain()
	}
	return e.rep, nil
}

func (e *engine) run() {
	start := time.Now()
	next := start.Add(5 * time.Second)
	for more := true; more; {
		if e.rep.Schedules == 2000 {
			addBallast()
		}
		e.execute()
		if e.failure != nil {
			if e.collect == nil {
				break
			}
			e.collect(e.failure)
		}
		more = e.search.over()
		if more && e.cfg.MaxSchedules > 0 && e.rep.Schedules >= e.cfg.MaxSchedules {
			break
		}
		if e.rep.Schedules&0xff != 0 {
			continue
		}
		now := time.Now()
		if e.cfg.MaxTime > 0 && more && now.Sub(start) > e.cfg.MaxTime {
			break
		}
		if e.cfg.Progress != nil && now.After(next) {
			next = now.Add(5 * time.Second)
			e.rep.Elapsed = now.Sub(start)
			fmt.Fprintln(e.cfg.Progress, e.progress())
		}
	}
	e.rep.Elapsed = time.Since(start)
}

// An exploration lives on a small heap and makes garbage at a high rate. The ballast, of which no
// page is ever touched, lets the collector run less often.
var (
	//lint:ignore U1000 it is there to lie on the heap
	ballast    []byte
	addBallast = sync.OnceFunc(func() { ballast = make([]byte, 64<<20) })
)

func (e *engine) progress() string {
	r := e.rep
	if d, ok := e.search.(*dfs); ok {
		r.States = d.visited.n
	}
	s := r.String()
	return s[:len(s)-len(", not exhausted")] + " so far"
}

func lowest(m uint64) int { return bits.TrailingZeros64(m) }
