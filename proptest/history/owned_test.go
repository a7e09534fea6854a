package history

import (
	"sync/atomic"
	"testing"

	"github.com/anishathalye/porcupine"
	"github.com/rouse-go/rouse"
)

// A membership is one task's on a list. Closing comes to each task by itself,
// so each has a history of its own.
type membership struct{ on, closed bool }

var membershipModel = model[membership]{byArg: true, step: func(m membership, in call) (membership, result) {
	was := m.on
	switch in.op {
	case "Bind":
		m.on = !m.closed
		return m, result{ok: m.on}
	case "Remove":
		m.on = false
		return m, result{ok: was}
	}
	return membership{closed: true}, result{ok: was} // Close, which cancelled the task or did not
}}

// A bound task tells which goroutine cancelled it.
type bound struct {
	rouse.Header
	published atomic.Bool
	cancelled string
}

var boundVtable = rouse.NewVtable(rouse.Ops[bound]{
	Poll:     func(*bound, rouse.Context) bool { return true },
	Cancel:   func(b *bound, _ rouse.Cause) { b.cancelled = goroutine() },
	Schedule: func(*bound, rouse.Notified, rouse.Reason) {},
})

const boundTasks = 5

func TestOwnedTasks(t *testing.T) {
	stress(t, membershipModel, func(seed uint64) *recorder {
		var o rouse.OwnedTasks
		tasks := new([boundTasks]bound)
		binder := func(c *client) {
			for i := range tasks {
				boundVtable.Init(&tasks[i])
				c.do("Bind", i, func() result { return result{ok: o.Bind(&tasks[i].Header)} })
				tasks[i].published.Store(true)
			}
		}
		remover := func(c *client) {
			for range 2 * boundTasks {
				if i := c.rng.IntN(boundTasks); tasks[i].published.Load() {
					c.do("Remove", i, func() result { return result{ok: o.Remove(&tasks[i].Header)} })
				}
			}
		}
		closer := func(c *client) {
			c.do("Close", 0, func() result {
				o.CloseAndShutdownAll()
				return result{what: goroutine()}
			})
		}
		r := together(seed, binder, remover, remover, closer, closer)
		r.ops = eachTasks(r.ops, tasks)
		return r
	})
}

// eachTasks makes of each Close one for each task, which tells whether it
// cancelled that.
func eachTasks(ops []porcupine.Operation, tasks *[boundTasks]bound) (all []porcupine.Operation) {
	for _, o := range ops {
		if o.Input.(call).op != "Close" {
			all = append(all, o)
			continue
		}
		by := o.Output.(result).what
		for i := range tasks {
			o.Input, o.Output = call{"Close", i}, result{ok: tasks[i].cancelled == by}
			all = append(all, o)
		}
	}
	return all
}
