package bench

import (
	"runtime"
	"sync/atomic"
	"time"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/bench/harness"
)

// pieces returns the operations of what a runtime needs besides tasks.
func pieces() harness.Ops {
	return harness.Ops{
		"rouse/steal-queue":     func(n, _ int) harness.Sample { return stealOwner(n, 1) },
		"rouse/steal-queue-32":  func(n, _ int) harness.Sample { return stealOwner(n, 32) },
		"rouse/steal":           func(n, _ int) harness.Sample { return steal(n, 1) },
		"rouse/steal-32":        func(n, _ int) harness.Sample { return steal(n, 32) },
		"rouse/steal-workers@":  stealWorkers,
		"rouse-shared/queue":    func(n, _ int) harness.Sample { return sharedQueue(n, 1) },
		"rouse-shared/queue-32": func(n, _ int) harness.Sample { return sharedQueue(n, 32) },
		"rouse/park-permit":     parkPermit,
		"rouse/park-ping-pong":  parkPingPong,
		"rouse/notify-wait":     notifyWait,
		"rouse/notify-kept":     notifyKept,
		"rouse/wait-woken":      waitWoken,
		"rouse/semaphore":       semaphore,
		"rouse/semaphore-try":   semaphoreTry,
		"rouse/semaphore-woken": semaphoreWoken,
		"rouse/owned@":          ownedContended,
	}
}

// stealOwner pushes and pops as the owner of the queue, batch at a time.
func stealOwner(n, batch int) harness.Sample {
	var q rouse.StealQueue
	var overflow rouse.SharedQueue
	nodes, rs, popped := notifieds(batch), harness.Rounds(n, batch), 0
	s := harness.Timed(rs*batch, func() {
		for range rs {
			for _, t := range nodes {
				q.Push(t, &overflow)
			}
			for {
				//wakervet:allow notifiedlost the tasks of this queue are never run
				if _, ok := q.Pop(); !ok {
					break
				}
				popped++
			}
		}
	})
	return s.Count("popped", popped)
}

// loot takes what there is, half of it each time, and pops what it took.
func loot(thief, from *rouse.StealQueue) (taken int) {
	for {
		//wakervet:allow notifiedlost the tasks of this queue are never run
		if _, ok := thief.Steal(from); !ok {
			return taken
		}
		taken++
		for {
			//wakervet:allow notifiedlost the tasks of this queue are never run
			if _, ok := thief.Pop(); !ok {
				break
			}
			taken++
		}
	}
}

// steal: the owner pushes batch, and a thief takes them all, on one goroutine.
func steal(n, batch int) harness.Sample {
	var q, thief rouse.StealQueue
	var overflow rouse.SharedQueue
	nodes, rs, popped := notifieds(batch), harness.Rounds(n, batch), 0
	s := harness.Timed(rs*batch, func() {
		for range rs {
			for _, t := range nodes {
				q.Push(t, &overflow)
			}
			popped += loot(&thief, &q)
		}
	})
	return s.Count("popped", popped)
}

// stealWorkers: one worker pushes 32 and pops half of them again and again, then
// the rest; the others steal from it. What its ring does not hold it takes back
// from the overflow.
func stealWorkers(n, workers int) harness.Sample {
	const batch = 32
	var q rouse.StealQueue
	var overflow rouse.SharedQueue
	var stolen atomic.Int64
	var stop atomic.Bool
	nodes, rs, popped := notifieds(harness.QueueRound), harness.Rounds(n, harness.QueueRound), 0
	var took time.Duration
	harness.Contend(workers, func(me int) {
		if me > 0 {
			var thief rouse.StealQueue
			for !stop.Load() {
				if taken := loot(&thief, &q); taken > 0 {
					stolen.Add(int64(taken))
				} else {
					runtime.Gosched()
				}
			}
			return
		}
		pop := func() (ok bool) {
			//wakervet:allow notifiedlost the tasks of this queue are never run
			if _, ok = q.Pop(); !ok {
				//wakervet:allow notifiedlost the tasks of this queue are never run
				_, ok = q.Take(&overflow)
			}
			if ok {
				popped++
			}
			return ok
		}
		start := time.Now()
		for r := range rs {
			for i := 0; i < len(nodes); i += batch {
				for _, t := range nodes[i : i+batch] {
					q.Push(t, &overflow)
				}
				for range batch / 2 {
					pop()
				}
			}
			for pop() {
			}
			for popped+int(stolen.Load()) < (r+1)*len(nodes) {
				runtime.Gosched()
			}
		}
		took = time.Since(start)
		stop.Store(true)
	})
	s := harness.Sample{Elapsed: took, Ops: rs * len(nodes)}
	return s.Count("popped", popped+int(stolen.Load()))
}

func sharedQueue(n, batch int) harness.Sample {
	var q rouse.SharedQueue
	nodes, rs, popped := notifieds(batch), harness.Rounds(n, batch), 0
	s := harness.Timed(rs*batch, func() {
		for range rs {
			for _, t := range nodes {
				q.Push(t)
			}
			for {
				//wakervet:allow notifiedlost the tasks of this queue are never run
				if _, ok := q.Pop(); !ok {
					break
				}
				popped++
			}
		}
	})
	return s.Count("popped", popped)
}

// parkPermit: a goroutine that was told before goes on at once.
func parkPermit(n, _ int) harness.Sample {
	var p rouse.Parker
	return harness.Timed(n, func() {
		for range n {
			p.Unpark()
			p.Park()
		}
	})
}

// parkPingPong: two goroutines tell each other to go on, round trip.
func parkPingPong(n, _ int) harness.Sample {
	var p [2]rouse.Parker
	return harness.Pair(n, func(me int) {
		for range n {
			if me == 0 {
				p[1].Unpark()
				p[0].Park()
			} else {
				p[1].Park()
				p[0].Unpark()
			}
		}
	})
}

// ownedContended binds tasks to a list and removes them, one task of each
// goroutine's.
func ownedContended(n, threads int) harness.Sample {
	var list rouse.OwnedTasks
	d := harness.Contend(threads, func(int) {
		h := new(bare)
		bareVtable.Init(h)
		for range n {
			list.Bind(&h.Header)
			list.Remove(&h.Header)
		}
	})
	return harness.Sample{Elapsed: d, Ops: n}.Count("live", list.Len())
}
