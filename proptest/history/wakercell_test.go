package history

import (
	"bytes"
	"runtime"
	"sync"
	"testing"
	"unsafe"

	"github.com/rouse-go/rouse"
)

// A place is where one may wait; 0 is nobody.
type place struct {
	waiting int
	closed  bool
}

// cellModel is of a cell whose operations are seen to wake who they wake, or
// are not. Whoever waits and registers again stays.
func cellModel(seen bool) model[place] {
	woken := func(id int) int {
		if seen {
			return id
		}
		return 0
	}
	return model[place]{step: func(p place, in call) (place, result) {
		switch {
		case in.op == "Close":
			return place{closed: true}, result{id: woken(p.waiting)}
		case p.closed:
			return p, result{}
		case in.op == "Register" && p.waiting == in.arg:
			return p, result{ok: true}
		case in.op == "Register":
			return place{waiting: in.arg}, result{ok: true, id: woken(p.waiting)}
		case in.op == "Take":
			return place{}, result{ok: p.waiting != 0, id: p.waiting}
		}
		return place{}, result{id: woken(p.waiting)} // Wake
	}}
}

// witnesses tells which goroutine woke whom.
type witnesses struct {
	mu    sync.Mutex
	woken map[string]int
}

func goroutine() string {
	buf := make([]byte, 64)
	fields := bytes.Fields(buf[:runtime.Stack(buf, false)])
	return string(fields[1])
}

func (w *witnesses) woke(id int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.woken == nil {
		w.woken = map[string]int{}
	}
	w.woken[goroutine()] = id
}

// during returns whom f wakes.
func (w *witnesses) during(f func()) int {
	f()
	w.mu.Lock()
	defer w.mu.Unlock()
	me := goroutine()
	defer delete(w.woken, me)
	return w.woken[me]
}

// A ringer is a waker that is not a task's.
type ringer struct {
	w  *witnesses
	id int
}

var ringerVtable = rouse.RawWakerVTable{
	Wake:      func(p unsafe.Pointer) { r := (*ringer)(p); r.w.woke(r.id) },
	WakeByRef: func(p unsafe.Pointer) { r := (*ringer)(p); r.w.woke(r.id) },
	Drop:      func(unsafe.Pointer) {},
}

// A sleeper is a task that is idle when it is woken for the first time.
type sleeper struct {
	rouse.Header
	w  *witnesses
	id int
}

var sleeperVtable = rouse.NewVtable(rouse.Ops[sleeper]{
	Poll:   func(*sleeper, rouse.Context) bool { return true },
	Cancel: func(*sleeper, rouse.Cause) {},
	Schedule: func(s *sleeper, n rouse.Notified, _ rouse.Reason) {
		_ = n // the sleeper is never run: that it was woken is all there is to see
		s.w.woke(s.id)
	},
})

// waits makes random calls on a cell. fresh returns the waker of who comes next.
func waits(c *rouse.WakerCell, w *witnesses, seen bool, fresh func(client, n int) (rouse.WakerRef, int), idOf func(rouse.WakerRef) int) func(*client) {
	return func(cl *client) {
		watched := func(f func()) int {
			if id := w.during(f); seen {
				return id
			}
			return 0
		}
		for n := range 5 {
			switch p := cl.rng.IntN(20); {
			case p < 9:
				ref, id := fresh(cl.id, n)
				cl.do("Register", id, func() (res result) {
					res.id = watched(func() { res.ok = c.Register(ref) })
					return
				})
			case p < 14:
				cl.do("Wake", 0, func() result { return result{id: watched(c.Wake)} })
			case p < 19:
				cl.do("Take", 0, func() result {
					k, ok := c.Take()
					if !ok {
						return result{}
					}
					id := idOf(k.Borrow())
					k.Drop()
					return result{ok: true, id: id}
				})
			default:
				cl.do("Close", 0, func() result { return result{id: watched(c.Close)} })
			}
		}
	}
}

// ringing has wakers that are not tasks', a new one for each Register.
func ringing(c *rouse.WakerCell) []func(*client) {
	w := new(witnesses)
	fresh := func(client, n int) (rouse.WakerRef, int) {
		r := &ringer{w, 1 + client*10 + n}
		//wakervet:allow wakerleak a ringer counts no wakers
		k := rouse.WakerFromRaw(rouse.RawWaker{Data: unsafe.Pointer(r), VTable: &ringerVtable})
		return k.Borrow(), r.id
	}
	idOf := func(r rouse.WakerRef) int { return w.during(r.WakeByRef) }
	f := waits(c, w, true, fresh, idOf)
	return []func(*client){f, f, f}
}

// sleeping has tasks: a new one for each Register, or one for each client.
func sleeping(c *rouse.WakerCell, seen bool) []func(*client) {
	w := new(witnesses)
	var mu sync.Mutex
	tasks := map[int]*sleeper{}
	fresh := func(client, n int) (rouse.WakerRef, int) {
		id := 1 + client*10
		if seen {
			id += n
		}
		mu.Lock()
		defer mu.Unlock()
		if tasks[id] == nil {
			s := &sleeper{w: w, id: id}
			sleeperVtable.Init(s)
			tasks[id] = s
		}
		return tasks[id].WakerRef(), id
	}
	idOf := func(r rouse.WakerRef) int {
		t, _ := r.Task()
		return (*sleeper)(unsafe.Pointer(t.Header())).id
	}
	f := waits(c, w, seen, fresh, idOf)
	return []func(*client){f, f, f}
}

func TestWakerCellOfForeignWakers(t *testing.T) {
	stress(t, cellModel(true), func(seed uint64) *recorder {
		return together(seed, ringing(new(rouse.WakerCell))...)
	})
}

func TestWakerCellOfTasks(t *testing.T) {
	for _, seen := range []bool{true, false} {
		stress(t, cellModel(seen), func(seed uint64) *recorder {
			return together(seed, sleeping(new(rouse.WakerCell), seen)...)
		})
	}
}
