package history

import (
	"testing"

	"github.com/rouse-go/rouse"
)

// A loop is what a State is, without a word, that nobody suspends or opens again.
type loop struct {
	notified, running, closed, finished bool
}

var loopModel = model[loop]{step: func(l loop, in call) (loop, result) {
	idle := !l.notified && !l.running && !l.finished
	switch in.op {
	case "Notify":
		l.notified = l.notified || !l.finished
		return l, result{ok: idle}
	case "Begin":
		ok := l.notified && !l.running
		l.notified, l.running = false, true
		return l, result{ok: !l.closed && ok}
	case "End":
		l.running = false
		return l, result{ok: l.notified}
	case "Yield":
		l.running, l.notified = false, true
		return l, result{ok: true}
	case "Close":
		if l.closed || l.finished {
			return l, result{}
		}
		l.closed = true
		l.running, l.notified = l.running || idle, !idle
		return l, result{ok: idle}
	case "Finish":
		if l.notified { // since the run began: it goes on
			l.notified = false
			return l, result{}
		}
		l.running, l.finished = false, true
		return l, result{ok: true}
	}
	return l, result{ok: l.running, what: "Running"}
}}

func reports(f func() bool) func() result { return func() result { return result{ok: f()} } }

// use makes random calls, and lives up to what they return: whoever is told to
// owns the notification, and runs.
func use(s *rouse.State, closes bool) func(*client) {
	return func(c *client) {
		for range 4 {
			switch {
			case closes && c.rng.IntN(6) == 0:
				if c.do("Close", 0, reports(s.Close)).ok {
					finish(s, c)
				}
			case c.do("Notify", 0, reports(s.Notify)).ok:
				run(s, c)
			}
		}
	}
}

func finish(s *rouse.State, c *client) {
	for !c.do("Finish", 0, reports(s.Finish)).ok {
	}
}

func run(s *rouse.State, c *client) {
	for again := true; again; {
		if !c.do("Begin", 0, reports(s.Begin)).ok {
			finish(s, c)
			return
		}
		if again = c.rng.IntN(8) == 0; again {
			c.do("Yield", 0, reports(s.Yield))
			continue
		}
		again = c.do("End", 0, reports(s.End)).ok
	}
}

func TestState(t *testing.T) {
	stress(t, loopModel, func(seed uint64) *recorder {
		s := new(rouse.State)
		return together(seed, use(s, false), use(s, false), use(s, seed%2 == 0), use(s, seed%3 == 0))
	})
}
