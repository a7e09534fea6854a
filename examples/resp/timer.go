package resp

import (
	"container/heap"
	"time"

	"github.com/rouse-go/rouse"
)

// A timer wakes a task of its loop at a time. Only the loop's thread, and so
// only a task of that loop, touches it. While it is set it owns a waker.
type timer struct {
	at    time.Duration // on the loop's clock, loop.now
	waker rouse.Waker
	index int // in the heap, from 1; 0: not set
}

// timers is a binary heap. Setting and stopping cost O(log n).
type timers struct{ heap timerHeap }

// set arms t, which must not be armed.
func (ts *timers) set(t *timer, at time.Duration, r rouse.WakerRef) {
	t.at = at
	t.waker = r.Clone()
	heap.Push(&ts.heap, t)
}

// stop disarms t, if it is armed.
func (ts *timers) stop(t *timer) {
	if t.index == 0 {
		return
	}
	heap.Remove(&ts.heap, t.index-1)
	t.waker.Drop()
}

// fire wakes the tasks whose time has come.
func (ts *timers) fire(now time.Duration) {
	for len(ts.heap) > 0 && ts.heap[0].at <= now {
		t := heap.Pop(&ts.heap).(*timer)
		t.waker.Wake()
	}
}

// next returns how long the loop may sleep; less than 0 means for ever.
func (ts *timers) next(now time.Duration) time.Duration {
	if len(ts.heap) == 0 {
		return -1
	}
	return max(0, ts.heap[0].at-now)
}

type timerHeap []*timer

func (h timerHeap) Len() int           { return len(h) }
func (h timerHeap) Less(i, j int) bool { return h[i].at < h[j].at }
func (h timerHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i+1, j+1
}

func (h *timerHeap) Push(x any) {
	t := x.(*timer)
	*h = append(*h, t)
	t.index = len(*h)
}

func (h *timerHeap) Pop() any {
	var t *timer
	*h, t = popLast(*h)
	t.index = 0
	return t
}
