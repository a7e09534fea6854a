package history

import (
	"testing"

	"github.com/rouse-go/rouse"
)

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
		return n, result{}
	case n.complete:
		return n, result{id: released}
	}
	n.notified = true
	return n, result{id: submitted}
}

// What a goroutine sees while it gives up a waker or the task.
const (
	submitted = 1 + iota
	released
)

func countModel(complete bool, wakers int) model[count] {
	return model[count]{init: count{wakers: wakers, owned: true, complete: complete}, step: func(n count, in call) (count, result) {
		switch in.op {
		case "Clone":
			n.wakers++
			return n, result{}
		case "Drop":
			n.wakers--
			return n.settle()
		case "Disown":
			n.owned = false
			return n.settle()
		}
		// Wake, which cannot be the death of the task it wakes.
		n.wakers--
		if !n.complete && !n.notified {
			n.notified = true
			return n, result{id: submitted}
		}
		return n.settle()
	}}
}

// A shared task is one that several goroutines have wakers of. It is ready at
// its first run.
type shared struct {
	rouse.Header
	w   witnesses
	due rouse.Notified
}

var sharedVtable = rouse.NewVtable(rouse.Ops[shared]{
	Poll:     func(*shared, rouse.Context) bool { return true },
	Cancel:   func(*shared, rouse.Cause) {},
	Schedule: func(s *shared, n rouse.Notified, _ rouse.Reason) { s.due = n; s.w.woke(submitted) },
	Release:  func(s *shared) { s.w.woke(released) },
})

// counting has three clients that clone, wake and drop, each as many wakers as
// it has, and one that gives up the task. One of them, and only one, releases
// it, or submits it for its last run.
func counting(complete bool) func(seed uint64) *recorder {
	return func(seed uint64) *recorder {
		s := new(shared)
		sharedVtable.Init(s)
		if complete {
			s.w.during(s.Wake)
			s.due.Run()
		}
		holder := func() func(*client) {
			w := s.WakerRef().Clone()
			held := []*rouse.Waker{&w}
			return func(c *client) {
				for n := 0; len(held) > 0; n++ {
					last := held[len(held)-1]
					switch p := c.rng.IntN(4); {
					case p < 2 && n < 12:
						c.do("Clone", 0, func() result {
							k := last.Clone()
							held = append(held, &k)
							return result{}
						})
						continue
					case p == 2:
						c.do("Wake", 0, func() result { return result{id: s.w.during(last.Wake)} })
					default:
						c.do("Drop", 0, func() result { return result{id: s.w.during(last.Drop)} })
					}
					held = held[:len(held)-1]
				}
			}
		}
		return together(seed, holder(), holder(), holder(), func(c *client) {
			c.do("Disown", 0, func() result { return result{id: s.w.during(s.Disown)} })
		})
	}
}

func TestCountOfACompleteTask(t *testing.T) { stress(t, countModel(true, 3), counting(true)) }
func TestCountOfAPendingTask(t *testing.T)  { stress(t, countModel(false, 3), counting(false)) }
