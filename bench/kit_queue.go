package bench

import (
	"runtime"
	"unsafe"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/bench/harness"
)

// notifieds returns n notified tasks to queue.
func notifieds(n int) []rouse.Notified {
	v := make([]rouse.Notified, n)
	for i := range v {
		v[i] = bareVtable.InitNotified(new(bare))
	}
	return v
}

// runQueue pushes and pops on one goroutine, batch at a time.
func runQueue(n int, batch int) harness.Sample {
	var q rouse.RunQueue
	nodes, rs, popped := notifieds(batch), harness.Rounds(n, batch), 0
	s := harness.Timed(rs*batch, func() {
		for range rs {
			for _, t := range nodes {
				q.Push(t)
			}
			for i := 0; ; i++ {
				t, ok := q.Pop()
				if !ok {
					break
				}
				nodes[i] = t
				popped++
			}
		}
	})
	return s.Count("popped", popped)
}

// runQueueProducers has several goroutines push.
func runQueueProducers(n, producers int) harness.Sample {
	var q rouse.RunQueue
	return harness.Produce(n, producers,
		func() func() {
			nodes := notifieds(harness.QueueRound)
			return func() {
				for _, t := range nodes {
					q.Push(t)
				}
			}
		},
		func(want int) {
			for misses := 0; want > 0; {
				//wakervet:allow notifiedlost the tasks of this queue are never run
				if _, ok := q.Pop(); ok {
					want--
					misses = 0
				} else if misses++; misses > 64 {
					runtime.Gosched()
				}
			}
		})
}

// owned binds a task among others to a list and removes it.
func owned(n, _ int) harness.Sample {
	var list rouse.OwnedTasks
	for range ownedLive {
		h := new(bare)
		bareVtable.Init(h)
		list.Bind(&h.Header)
	}
	h := new(bare)
	bareVtable.Init(h)
	s := harness.Timed(n, func() {
		for range n {
			list.Bind(&h.Header)
			list.Remove(&h.Header)
		}
	})
	return s.Count("live", list.Len())
}

// counting is a waker that counts its wakes in a plain int, so that the
// figures are those of the cell alone.
func counting(n *int) rouse.Waker {
	return rouse.WakerFromRaw(rouse.RawWaker{Data: unsafe.Pointer(n), VTable: &countingVTable})
}

var countingVTable rouse.RawWakerVTable

func init() {
	bump := func(p unsafe.Pointer) { *(*int)(p)++ }
	countingVTable = rouse.RawWakerVTable{
		Clone:     func(p unsafe.Pointer) rouse.RawWaker { return rouse.RawWaker{Data: p, VTable: &countingVTable} },
		Wake:      bump,
		WakeByRef: bump,
		Drop:      func(unsafe.Pointer) {},
	}
}

// registerWake registers the waker of a task and wakes it. The task stays
// notified meanwhile.
func registerWake(n, _ int) harness.Sample {
	tasks := park(1)
	var cell rouse.WakerCell
	s := registerAndWake(n, &cell, tasks.wakers[0].Borrow())
	tasks.drain()
	return s.Count("polls", tasks.polls)
}

// registerWakePlain does so with a waker that only counts.
func registerWakePlain(n, _ int) harness.Sample {
	var cell rouse.WakerCell
	wakes := 0
	w := counting(&wakes)
	return registerAndWake(n, &cell, w.Borrow()).Count("wakes", wakes)
}

func registerAndWake(n int, cell *rouse.WakerCell, w rouse.WakerRef) harness.Sample {
	return harness.Timed(n, func() {
		for range n {
			cell.Register(w)
			cell.Wake()
		}
	})
}

// registerSame registers the waker that is there already.
func registerSame(n, _ int) harness.Sample {
	tasks := park(1)
	var cell rouse.WakerCell
	w := tasks.wakers[0].Borrow()
	s := harness.Timed(n, func() {
		for range n {
			cell.Register(w)
		}
	})
	cell.Wake()
	tasks.drain()
	return s.Count("polls", tasks.polls)
}

func wakeEmpty(n, _ int) harness.Sample {
	var cell rouse.WakerCell
	return harness.Timed(n, func() {
		for range n {
			cell.Wake()
		}
	})
}
