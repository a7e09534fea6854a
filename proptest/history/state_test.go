package history

import (
	"testing"

	"github.com/rouse-go/rouse"
)

// A loop is what a State with its five verbs is, without a word.
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
		return l, result{}
	case "Close":
		if l.closed || l.finished {
			return l, result{}
		}
		l.closed = true
		l.running, l.notified = l.running || idle, !idle
		return l, result{ok: idle}
	case "Finish":
		l.running, l.finished = false, true
		return l, result{}
	}
	return l, result{ok: l.running, what: "Running"}
}}

func reports(f func() bool) func() result { return func() result { return result{ok: f()} } }

func returns(f func()) func() result { return func() result { f(); return result{} } }

// use makes random calls, and lives up to what they return: whoever is told to
// owns the notification, and runs.
func use(s *rouse.State, closes bool) func(*client) {
	return func(c *client) {
		for range 4 {
			switch {
			case closes && c.rng.IntN(6) == 0:
				if c.do("Close", 0, reports(s.Close)).ok {
					c.do("Finish", 0, returns(s.Finish))
				}
			case c.do("Notify", 0, reports(s.Notify)).ok:
				run(s, c)
			}
		}
	}
}

func run(s *rouse.State, c *client) {
	for again := true; again; {
		if !c.do("Begin", 0, reports(s.Begin)).ok {
			c.do("Finish", 0, returns(s.Finish))
			return
		}
		if again = c.rng.IntN(8) == 0; again {
			c.do("Yield", 0, returns(s.Yield))
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

// A count is the wakers of a task and its owner, in a model of one run.
type count struct {
	wakers   int
	owned    bool
	complete bool
	notified bool
}

func (n count) settle() (count, result) {
	switch {
	case n.wakers > 0 || n.owned || n.notified && !n.complete:
		return n, result{what: "none"}
	case n.complete:
		return n, result{what: "release"}
	}
	n.notified = true
	return n, result{what: "submit"}
}

func countModel(complete bool, wakers int) model[count] {
	return model[count]{init: count{wakers: wakers, owned: true, complete: complete}, step: func(n count, in call) (count, result) {
		switch in.op {
		case "RefInc":
			n.wakers++
			return n, result{}
		case "RefDec":
			n.wakers--
			return n.settle()
		case "ToDisowned":
			n.owned = false
			return n.settle()
		}
		// ToNotifiedByVal, which cannot be the death of the task it wakes.
		n.wakers--
		if !n.complete && !n.notified {
			n.notified = true
			return n, result{what: "submit"}
		}
		return n.settle()
	}}
}

func acts(f func() rouse.Action) func() result {
	return func() result { return result{what: f().String()} }
}

// counting has three clients that clone, wake and drop, each as many wakers as
// it has, and one that gives up the task. One of them, and only one, is told
// to release it, or to submit it for its last run.
func counting(complete bool) func(seed uint64) *recorder {
	return func(seed uint64) *recorder {
		s := new(rouse.State)
		if complete {
			s.Notify()
			s.Begin()
			s.Finish()
		}
		const clients = 3
		for range clients {
			s.RefInc()
		}
		clone := func(c *client) {
			held := 1
			for n := 0; held > 0; n++ {
				switch p := c.rng.IntN(4); {
				case p < 2 && n < 12:
					c.do("RefInc", 0, returns(s.RefInc))
					held++
				case p == 2:
					c.do("ToNotifiedByVal", 0, acts(s.ToNotifiedByVal))
					held--
				default:
					c.do("RefDec", 0, acts(s.RefDec))
					held--
				}
			}
		}
		return together(seed, clone, clone, clone, func(c *client) { c.do("ToDisowned", 0, acts(s.ToDisowned)) })
	}
}

func TestCountOfACompleteTask(t *testing.T) { stress(t, countModel(true, 3), counting(true)) }
func TestCountOfAPendingTask(t *testing.T)  { stress(t, countModel(false, 3), counting(false)) }
