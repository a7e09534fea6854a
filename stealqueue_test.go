package rouse

import (
	"runtime"
	"strings"
	"sync"
	"testing"
	"unsafe"
)

// A parcel is a task that knows its number, and is ready at its first run.
type parcel struct {
	Header
	number int
	runs   int
	cancel func(*parcel)
}

var parcels = NewVtable(Ops[parcel]{
	Poll: func(p *parcel, _ Context) bool { p.runs++; return true },
	Cancel: func(p *parcel, _ Cause) {
		p.runs--
		if p.cancel != nil {
			p.cancel(p)
		}
	},
	Schedule: func(*parcel, Notified, Reason) {},
})

// A depot makes parcels, numbered in order.
type depot struct{ all []*parcel }

func (d *depot) next() Notified {
	p := &parcel{number: len(d.all)}
	d.all = append(d.all, p)
	return parcels.InitNotified(p)
}

func (d *depot) push(q *StealQueue, over *SharedQueue, n int) {
	for range n {
		q.Push(d.next(), over)
	}
}

// takes checks that what was popped is the parcel with the number, and linked to
// nothing; or, if that is negative, that there was nothing. It runs it.
func takes(t *testing.T, n Notified, ok bool, number int) {
	t.Helper()
	if !ok || number < 0 {
		if ok || number >= 0 || !n.IsZero() {
			t.Fatalf("popped something: %v, want number %d", ok, number)
		}
		return
	}
	p := (*parcel)(unsafe.Pointer(n.h))
	if p.number != number {
		t.Fatalf("popped %d, want %d", p.number, number)
	}
	if !n.Next().IsZero() {
		t.Errorf("%d is linked", number)
	}
	n.Run()
}

func pops(t *testing.T, q interface{ Pop() (Notified, bool) }, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		n, ok := q.Pop()
		takes(t, n, ok, i)
	}
	n, ok := q.Pop()
	takes(t, n, ok, -1)
}

// empty checks that the queue keeps nothing alive.
func (q *StealQueue) empty(t *testing.T) {
	t.Helper()
	for i := range q.ring {
		if !q.ring[i].IsZero() {
			t.Fatalf("slot %d is in use", i)
		}
	}
	if q.Len() != 0 {
		t.Errorf("length %d", q.Len())
	}
}

// at moves an empty queue on, as if so many had been pushed and popped.
func (q *StealQueue) at(pos uint32) *StealQueue {
	q.head.Store(packed(pos, pos))
	q.tail.Store(uint64(pos))
	return q
}

// places are where the tests begin: the positions wrap around.
var positions = []uint32{0, 1, stealRing - 1, ^uint32(0), ^uint32(0) - stealRing/2, ^uint32(0) - stealRing + 1}

func TestStealQueueIsFirstInFirstOut(t *testing.T) {
	for _, pos := range positions {
		var d depot
		var over SharedQueue
		q := new(StealQueue).at(pos)
		pops(t, q, 0, 0)
		for round := range 5 {
			d.push(q, &over, stealRing-1)
			if q.Len() != stealRing-1 {
				t.Errorf("length %d", q.Len())
			}
			pops(t, q, round*(stealRing-1), (round+1)*(stealRing-1))
		}
		q.empty(t)
		if over.Len() != 0 {
			t.Error("it overflowed")
		}
	}
}

func TestStealQueueOverflows(t *testing.T) {
	for _, pos := range positions {
		var d depot
		var over SharedQueue
		q := new(StealQueue).at(pos)
		d.push(q, &over, stealRing)
		if over.Len() != 0 || q.Len() != stealRing {
			t.Fatal("it has not room for what it should")
		}
		d.push(q, &over, 1)
		if over.Len() != stealRing/2+1 || q.Len() != stealRing/2 {
			t.Fatalf("%d, and %d went over", q.Len(), over.Len())
		}
		for i := range stealRing / 2 {
			n, ok := over.Pop()
			takes(t, n, ok, i)
		}
		pops(t, &over, stealRing, stealRing+1)
		pops(t, q, stealRing/2, stealRing)
		q.empty(t)

		// While a thief is at work one alone goes over.
		d.push(q, &over, stealRing)
		first := len(d.all) - stealRing
		at, count := q.claim()
		d.push(q, &over, 1)
		if over.Len() != 1 || q.Len() != stealRing/2 || count != stealRing/2 {
			t.Fatalf("%d, and %d went over", q.Len(), over.Len())
		}
		pops(t, &over, first+stealRing, first+stealRing+1)
		if again, n := q.claim(); n != 0 {
			t.Errorf("a second thief at %d", again)
		}
		n, ok := q.Pop() // the worker goes on
		takes(t, n, ok, first+stealRing/2)
		for i := range count {
			n := q.get(at + i)
			n.leaves()
			takes(t, n, true, first+int(i))
		}
		q.free()
		pops(t, q, first+stealRing/2+1, first+stealRing)
		q.empty(t)
	}
}

func TestSteal(t *testing.T) {
	for _, pos := range positions {
		for n := range stealRing + 1 {
			var d depot
			var over SharedQueue
			q, thief := new(StealQueue).at(pos), new(StealQueue).at(7*pos+3)
			d.push(q, &over, n)
			first, ok := thief.Steal(q)
			if n == 0 {
				takes(t, first, ok, -1)
				continue
			}
			half := (n + 1) / 2
			if thief.Len() != half-1 || q.Len() != n-half {
				t.Fatalf("of %d %d are left, and the thief has %d", n, q.Len(), thief.Len())
			}
			takes(t, first, ok, 0)
			pops(t, thief, 1, half)
			pops(t, q, half, n)
			q.empty(t)
			thief.empty(t)
		}
	}
	// With too many of its own it steals nothing.
	var d depot
	var over SharedQueue
	var q, thief StealQueue
	d.push(&q, &over, 2)
	d.push(&thief, &over, stealRing/2+1)
	n, ok := thief.Steal(&q)
	takes(t, n, ok, -1)
	n, ok = thief.Pop()
	takes(t, n, ok, 2)
	n, ok = thief.Steal(&q)
	takes(t, n, ok, 0)
	pops(t, &q, 1, 2)
	n, ok = thief.Steal(&thief) // which is to pop
	takes(t, n, ok, 3)
	pops(t, &thief, 4, len(d.all))
	q.empty(t)
	thief.empty(t)
}

func TestTake(t *testing.T) {
	for _, pos := range positions {
		for _, has := range []int{0, 1, stealRing/2 + 1, stealRing - 1, stealRing} {
			for _, n := range []int{0, 1, 2, 3, stealRing - 1, stealRing, 3 * stealRing} {
				var d, own depot
				var shared SharedQueue
				q := new(StealQueue).at(pos)
				own.push(q, &shared, has)
				for range n {
					shared.Push(d.next())
				}
				first, ok := q.Take(&shared)
				if n == 0 {
					takes(t, first, ok, -1)
					continue
				}
				took := min((n+1)/2, stealRing/2, stealRing-has+1)
				if q.Len() != has+took-1 || shared.Len() != n-took {
					t.Fatalf("of %d %d are left, and the worker, which had %d, has %d", n, shared.Len(), has, q.Len())
				}
				takes(t, first, ok, 0)
				for i := range has {
					n, ok := q.Pop()
					takes(t, n, ok, i)
				}
				pops(t, q, 1, took)
				pops(t, &shared, took, n)
				q.empty(t)
			}
		}
	}
}

func TestQueuesRefuseZero(t *testing.T) {
	var q StealQueue
	var over SharedQueue
	mustPanic(t, func() { q.Push(Notified{}, &over) }, "StealQueue.Push", "zero")
	mustPanic(t, func() { over.Push(Notified{}) }, "SharedQueue.Push", "zero")
	q.empty(t)
	if over.Len() != 0 {
		t.Error("something is in the queue")
	}
}

// What a Notified was linked to before it is pushed does not come with it.
func TestPushForgetsTheLink(t *testing.T) {
	var d, strangers depot
	var q StealQueue
	var shared SharedQueue
	linked := func() Notified {
		n := d.next()
		n.SetNext(strangers.next())
		return n
	}
	shared.Push(linked())
	pops(t, &shared, 0, 1)
	if !shared.first.IsZero() || !shared.last.IsZero() {
		t.Error("an empty queue keeps a task alive")
	}
	for range stealRing + 1 {
		q.Push(linked(), &shared)
	}
	for i := range stealRing / 2 {
		n, ok := shared.Pop()
		takes(t, n, ok, i+1)
	}
	pops(t, &shared, stealRing+1, stealRing+2)
	if !shared.first.IsZero() || !shared.last.IsZero() {
		t.Error("what overflowed last brought its link along")
	}
	for i := range stealRing / 2 {
		n, ok := q.Pop()
		n.SetNext(Notified{}) // it was never in a list
		takes(t, n, ok, stealRing/2+1+i)
	}
}

func TestSharedQueueClose(t *testing.T) {
	var d depot
	var q SharedQueue
	for range 3 {
		q.Push(d.next())
	}
	// What comes while it closes is dropped after what is being dropped.
	depth, deepest := 0, 0
	var again func(p *parcel)
	again = func(*parcel) {
		depth++
		deepest = max(deepest, depth)
		if len(d.all) < 100 {
			n := d.next()
			d.all[len(d.all)-1].cancel = again
			q.Push(n)
		}
		depth--
	}
	d.all[1].cancel = again
	q.Close()
	if deepest != 1 || len(d.all) != 100 {
		t.Errorf("%d destructors deep, of %d tasks", deepest, len(d.all))
	}
	q.Close()
	q.Push(d.next())
	var worker StealQueue
	d.push(&worker, &q, stealRing+1) // its overflow is dropped too
	for i, p := range d.all[:101+stealRing/2] {
		if p.runs != -1 {
			t.Errorf("%d was cancelled %d times", i, -p.runs)
		}
	}
	if last := d.all[len(d.all)-1]; last.runs != -1 {
		t.Error("what overflowed last was not dropped")
	}
	pops(t, &worker, 101+stealRing/2, 101+stealRing)
	pops(t, &q, 0, 0)
}

// Destructors that panic, or exit, keep none from being dropped.
func TestSharedQueuePanics(t *testing.T) {
	for how, ending := range map[string]func(){"destructor": panics("destructor"), "exit": exits} {
		var d depot
		var q SharedQueue
		bad := func(p *parcel) {
			if p.number%2 == 1 {
				ending()
			}
		}
		for range 10 {
			n := d.next()
			d.all[len(d.all)-1].cancel = bad
			q.Push(n)
		}
		if e := ends(q.Close); !strings.Contains(e.String(), how) {
			t.Errorf("%v, want %s", e, how)
		}
		var worker StealQueue
		for range stealRing {
			n := d.next()
			d.all[len(d.all)-1].cancel = bad
			worker.Push(n, &q)
		}
		n := d.next()
		if e := ends(func() { worker.Push(n, &q) }); !strings.Contains(e.String(), how) {
			t.Errorf("%v, want %s", e, how)
		}
		for i, p := range d.all[:10+stealRing/2] {
			if p.runs != -1 {
				t.Errorf("%s: %d was cancelled %d times", how, i, -p.runs)
			}
		}
	}
}

// Workers that make work for themselves, steal it and overflow: each task is run
// once.
func TestStealQueuesOfWorkers(t *testing.T) {
	const workers = 4
	each := 20000
	if debugging { // whose marks on one block of memory are a list in Go's heap
		each = 4000
	}
	var shared SharedQueue
	var queues [workers]StealQueue
	var left sync.WaitGroup
	left.Add(workers * each)
	tasks := make([][]parcel, workers)
	over := make(chan struct{})
	var all sync.WaitGroup
	for w := range workers {
		tasks[w] = make([]parcel, each)
		all.Add(1)
		go func() {
			defer all.Done()
			q := &queues[w]
			made := 0
			for tick := 0; ; tick++ {
				for burst := 0; made < each && burst < 1+tick%(2*stealRing); burst++ {
					q.Push(parcels.InitNotified(&tasks[w][made]), &shared)
					made++
				}
				for range 1 + tick%stealRing {
					n, ok := q.Pop()
					for i := 1; !ok && i < workers; i++ {
						n, ok = q.Steal(&queues[(w+i)%workers])
					}
					if !ok || tick%61 == 0 && ok {
						if ok {
							n.Run()
							left.Done()
						}
						n, ok = q.Take(&shared)
					}
					if !ok {
						break
					}
					n.Run()
					left.Done()
				}
				select {
				case <-over:
					return
				default:
					runtime.Gosched()
				}
			}
		}()
	}
	left.Wait()
	close(over)
	all.Wait()
	for w := range tasks {
		queues[w].empty(t)
		for i := range tasks[w] {
			if n := tasks[w][i].runs; n != 1 {
				t.Fatalf("task %d of worker %d was run %d times", i, w, n)
			}
		}
	}
	pops(t, &shared, 0, 0)
}

// While a thief copies what it has claimed, these places are no room: Take leaves
// them alone.
func TestTakeDuringASteal(t *testing.T) {
	var d depot
	var q StealQueue
	var shared SharedQueue
	d.push(&q, &shared, stealRing)
	for range stealRing {
		shared.Push(d.next())
	}
	at, count := q.claim()
	n, ok := q.Take(&shared)
	if !ok || n.h == nil || q.Len() != stealRing-int(count) || shared.Len() != stealRing-1 {
		t.Errorf("took one: %v, %d in the queue, %d are left", ok, q.Len(), shared.Len())
	}
	n.Drop()
	for i := range count {
		n := q.get(at + i)
		if n.h != &d.all[i].Header {
			t.Fatalf("place %d has another task", i)
		}
		n.leaves()
		n.Drop()
	}
	q.free()
	for n, ok := q.Pop(); ok; n, ok = q.Pop() {
		n.Drop()
	}
	shared.Close()
}
