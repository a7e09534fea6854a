package history

import (
	"fmt"
	"testing"

	"github.com/rouse-go/rouse"
)

// fifoModel is of a queue, whose tasks are a byte each. A thief takes the older
// half, and says which.
var fifoModel = model[string]{step: func(q string, in call) (string, result) {
	switch {
	case in.op == "Push":
		return q + string(rune(in.arg)), result{}
	case q == "":
		return q, result{}
	case in.op == "Steal":
		half := (len(q) + 1) / 2
		return q[half:], result{ok: true, what: fmt.Sprint([]byte(q[:half]))}
	}
	return q[1:], result{ok: true, id: int(q[0])}
}}

// A stock is tasks that are pushed once, by number.
type stock struct{ ids map[rouse.RawTask]int }

func (s *stock) make(ids ...int) (all []rouse.Notified) {
	if s.ids == nil {
		s.ids = map[rouse.RawTask]int{}
	}
	for _, id := range ids {
		n := numberedVtable.InitNotified(&numbered{id: id})
		s.ids[n.Task()] = id
		all = append(all, n)
	}
	return all
}

// pops records a Pop.
func (s *stock) pops(c *client, pop func() (rouse.Notified, bool)) {
	c.do("Pop", 0, func() result {
		n, ok := pop()
		return result{ok: ok, id: s.ids[n.Task()]}
	})
}

func TestSharedQueue(t *testing.T) {
	stress(t, fifoModel, func(seed uint64) *recorder {
		q, s := new(rouse.SharedQueue), new(stock)
		var clients []func(*client)
		for i := range 3 {
			due := s.make(1+i*10, 2+i*10, 3+i*10)
			clients = append(clients, func(c *client) {
				for range 3 + len(due) {
					if len(due) == 0 || c.rng.IntN(2) == 0 {
						s.pops(c, q.Pop)
						continue
					}
					n := due[0]
					due = due[1:]
					c.do("Push", s.ids[n.Task()], func() result { q.Push(n); return result{} })
				}
			})
		}
		return together(seed, clients...)
	})
}

// TestStealQueue: one worker, and two thieves. A Steal that gets nothing because
// of the other thief says nothing, and is not recorded.
func TestStealQueue(t *testing.T) {
	stress(t, fifoModel, func(seed uint64) *recorder {
		q, s := new(rouse.StealQueue), new(stock)
		due := s.make(1, 2, 3, 4, 5, 6, 7, 8)
		worker := func(c *client) {
			for len(due) > 0 {
				if c.rng.IntN(3) == 0 {
					s.pops(c, q.Pop)
					continue
				}
				n := due[0]
				due = due[1:]
				c.do("Push", s.ids[n.Task()], func() result { q.Push(n, nil); return result{} })
			}
			s.pops(c, q.Pop)
		}
		thief := func(c *client) {
			var own rouse.StealQueue
			for range 4 {
				got := c.do("Steal", 0, func() result {
					var ids []byte
					for n, ok := own.Steal(q); ok; n, ok = own.Pop() {
						ids = append(ids, byte(s.ids[n.Task()]))
					}
					return result{ok: ids != nil, what: fmt.Sprint(ids)}
				})
				if !got.ok {
					c.ops = c.ops[:len(c.ops)-1]
				}
			}
		}
		return together(seed, worker, thief, thief)
	})
}

// A queue in which two thieves take the same.
func TestTwiceStolenIsRejected(t *testing.T) {
	q, g := []byte{1, 2}, newGap()
	steal := func(c *client) {
		c.do("Steal", 0, func() result {
			half := q[:1]
			g.pause()
			q = q[1:]
			return result{ok: true, what: fmt.Sprint(half)}
		})
	}
	m := fifoModel
	m.init = string(q)
	rejected(t, "a Steal that loads and stores", m, g.interrupts(steal, steal))
}
