package history

import (
	"testing"

	"github.com/rouse-go/rouse"
)

// A line is a queue: its tasks, a byte each, and whether the consumer has
// found it empty.
type line struct {
	tasks string
	found bool
}

var lineModel = model[line]{init: line{found: true}, step: func(l line, in call) (line, result) {
	if in.op == "Push" {
		was := l.found
		return line{l.tasks + string(rune(in.arg)), false}, result{ok: was}
	}
	if l.tasks == "" {
		return line{found: true}, result{}
	}
	first := []rune(l.tasks)[0]
	return line{l.tasks[len(string(first)):], l.found}, result{ok: true, id: int(first)}
}}

// A numbered task is never run.
type numbered struct {
	rouse.Header
	id int
}

var numberedVtable = rouse.NewVtable(rouse.Ops[numbered]{
	Poll:     func(*numbered, rouse.Context) bool { return true },
	Cancel:   func(*numbered, rouse.Cause) {},
	Schedule: func(*numbered, rouse.Notified, rouse.Reason) {},
})

func TestRunQueue(t *testing.T) {
	stress(t, lineModel, func(seed uint64) *recorder {
		q := new(rouse.RunQueue)
		// The consumer learns which task it popped from this table, which is
		// complete before it starts.
		ids := map[rouse.RawTask]int{}
		var producers []func(*client)
		for p := range 3 {
			var own []rouse.Notified
			for i := range 4 {
				task := &numbered{id: 1 + p*10 + i}
				n := numberedVtable.InitNotified(task)
				ids[n.Task()] = task.id
				own = append(own, n)
			}
			producers = append(producers, func(c *client) {
				for _, n := range own {
					c.do("Push", ids[n.Task()], func() result { return result{ok: q.Push(n)} })
				}
			})
		}
		return together(seed, append(producers, func(c *client) {
			for range 14 {
				c.do("Pop", 0, func() result {
					n, ok := q.Pop()
					if !ok {
						return result{}
					}
					return result{ok: true, id: ids[n.Task()]}
				})
			}
		})...)
	})
}
