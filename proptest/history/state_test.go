package history

import (
	"testing"

	"github.com/rouse-go/rouse"
)

// A loop is what a State is, without a word.
type loop struct {
	phase  string // idle, owed, running or finished
	again  bool   // notified while it ran, or while it was suspended
	closed bool
	paused bool // suspended
}

// rest is the end of a run, and reports whether another is owed.
func (l loop) rest() (loop, result) {
	l.phase = idle
	if l.again && !l.paused {
		l.phase, l.again = owed, false
	}
	return l, result{ok: l.phase == owed}
}

const (
	idle     = ""
	owed     = "owed"
	running  = "running"
	finished = "finished"
)

var loopModel = model[loop]{step: func(l loop, in call) (loop, result) {
	open := !l.closed && l.phase != finished
	starts := l.phase == idle && !l.paused
	switch in.op {
	case "Notify", "TryNotify":
		out := result{ok: starts}
		if in.op == "TryNotify" {
			out = tried(open && starts, open)
		}
		switch {
		case in.op == "TryNotify" && !open:
		case starts:
			l.phase = owed
		case l.phase == idle, l.phase == running:
			l.again = true
		}
		return l, out
	case "Begin":
		l.phase = running
		return l, result{ok: !l.closed}
	case "End":
		return l.rest()
	case "Yield":
		l.again = true
		return l.rest()
	case "Close":
		if !open {
			return l, result{}
		}
		ours := l.phase == idle
		l.closed, l.paused = true, false
		switch l.phase {
		case idle:
			l.phase, l.again = running, false
		case running:
			l.again = true
		}
		return l, result{ok: ours}
	case "Finish":
		if l.again { // notified since the run began: it goes on
			l.again = false
			return l, result{}
		}
		l.phase = finished
		return l, result{ok: true}
	case "Open":
		if l.phase != finished {
			return l, result{}
		}
		l.phase, l.closed = idle, false
		return l, result{ok: true}
	case "Suspend":
		if l.closed && l.phase != finished {
			return l, result{}
		}
		l.paused = true
		return l, result{ok: l.phase == idle || l.phase == finished}
	}
	ours := l.paused && l.phase == idle && l.again // Resume
	if l.paused = false; ours {
		l.phase, l.again = owed, false
	}
	return l, result{ok: ours}
}}

// tried is what TryNotify returns.
func tried(start, ok bool) result {
	out := result{ok: start}
	if ok {
		out.what = "accepted"
	}
	return out
}

func reports(f func() bool) func() result { return func() result { return result{ok: f()} } }

// use makes random calls, and lives up to what they return: whoever is told to
// owns the notification, and runs. Some of the calls close the State and open it
// again, some suspend it.
func use(s *rouse.State, closes, suspends bool) func(*client) {
	return func(c *client) {
		for range 4 {
			p := c.rng.IntN(12)
			switch {
			case p < 2 && closes:
				if c.do("Close", 0, reports(s.Close)).ok {
					finish(s, c)
				}
			case p < 3 && closes:
				c.do("Open", 0, reports(s.Open))
			case p < 5 && suspends:
				c.do("Suspend", 0, reports(s.Suspend))
			case p < 7 && suspends:
				if c.do("Resume", 0, reports(s.Resume)).ok {
					run(s, c)
				}
			case p < 9:
				if c.do("TryNotify", 0, func() result { return tried(s.TryNotify()) }).ok {
					run(s, c)
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

// run has the notification. A run that yields or ends may leave it to others, who
// resume the State. Some finish it, as a run may at any time.
func run(s *rouse.State, c *client) {
	for again := true; again; {
		if !c.do("Begin", 0, reports(s.Begin)).ok {
			finish(s, c)
			return
		}
		switch c.rng.IntN(16) {
		case 0, 1:
			again = c.do("Yield", 0, reports(s.Yield)).ok
		case 2:
			finish(s, c)
			return
		default:
			again = c.do("End", 0, reports(s.End)).ok
		}
	}
}

func TestState(t *testing.T) {
	for _, suspends := range []bool{false, true} {
		stress(t, loopModel, func(seed uint64) *recorder {
			s := new(rouse.State)
			return together(seed, use(s, false, suspends), use(s, false, false), use(s, seed%2 == 0, suspends), use(s, seed%3 == 0, false))
		})
	}
}

// Each of these histories loses what was accepted, or a run too many begins.
func TestForgetfulStatesAreRejected(t *testing.T) {
	yes, no := result{ok: true}, result{}
	for what, ops := range map[string][]told{
		"a Suspend that loses a Notify":          {{"Suspend", 0, yes}, {"Notify", 0, no}, {"Resume", 0, no}},
		"a Suspend that loses the run's Notify":  {{"Notify", 0, yes}, {"Begin", 0, yes}, {"Notify", 0, no}, {"Suspend", 0, no}, {"End", 0, no}, {"Resume", 0, no}},
		"a Suspend that lets a run begin":        {{"Suspend", 0, yes}, {"Notify", 0, yes}},
		"a Suspend that says no run is owed":     {{"Notify", 0, yes}, {"Suspend", 0, yes}},
		"a Yield that hands over when suspended": {{"Notify", 0, yes}, {"Begin", 0, yes}, {"Suspend", 0, no}, {"Yield", 0, yes}},
		"a Yield that keeps what it owes":        {{"Notify", 0, yes}, {"Begin", 0, yes}, {"Yield", 0, no}},
		"a TryNotify that a Close has refused":   {{"Notify", 0, yes}, {"Close", 0, no}, {"TryNotify", 0, tried(false, true)}},
		"a TryNotify that Finish forgets":        {{"Notify", 0, yes}, {"Begin", 0, yes}, {"TryNotify", 0, tried(false, true)}, {"Finish", 0, yes}},
		"a Close that a suspended State forgets": {{"Suspend", 0, yes}, {"Close", 0, no}},
		"a Close that Open does not forget":      {{"Close", 0, yes}, {"Finish", 0, yes}, {"Open", 0, yes}, {"TryNotify", 0, tried(false, false)}},
		"an Open of what is not finished":        {{"Close", 0, yes}, {"Open", 0, yes}},
		"an Open that forgets a Suspend":         {{"Close", 0, yes}, {"Finish", 0, yes}, {"Suspend", 0, yes}, {"Open", 0, yes}, {"Notify", 0, yes}},
	} {
		rejectedAtLast(t, what, loopModel, nil, ops)
	}
}
