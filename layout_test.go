//go:build !rouse_debug && !rouse_trace && !rouse_explore

package rouse

// The sizes that the production build has; the other builds keep more.

import (
	"math/bits"
	"testing"
	"unsafe"
)

const wordSize = unsafe.Sizeof(uintptr(0))

// TestSizes: of what users hold and copy, and of what there are millions of.
func TestSizes(t *testing.T) {
	type oneWordFuture = FutureFunc[int]
	var pooled joinCell[uintptr]
	for _, c := range []struct {
		name      string
		size, max uintptr
	}{
		{"State", unsafe.Sizeof(State{}), 8},
		{"Header", unsafe.Sizeof(Header{}), 64},
		{"level 2, word future, word output", unsafe.Sizeof(taskCell[int, oneWordFuture]{}), 128},
		{"level 2, before the future", unsafe.Sizeof(pooled), 128 - wordSize},
		{"WakerCell", unsafe.Sizeof(WakerCell{}), wordSize},
		{"Notified", unsafe.Sizeof(Notified{}), wordSize},
		{"RawTask", unsafe.Sizeof(RawTask{}), wordSize},
		{"AbortHandle", unsafe.Sizeof(AbortHandle{}), wordSize},
		{"RawWaker", unsafe.Sizeof(RawWaker{}), 2 * wordSize},
		{"RunQueue", unsafe.Sizeof(RunQueue{}), cacheLine + 2*wordSize},
		{"shard", unsafe.Sizeof(shard{}), cacheLine},
	} {
		if c.size > c.max {
			t.Errorf("%s: %d bytes, at most %d wanted", c.name, c.size, c.max)
		}
	}
	for _, c := range []struct {
		name       string
		size, want uintptr
	}{
		{"Waker", unsafe.Sizeof(Waker{}), wordSize},
		{"WakerRef", unsafe.Sizeof(WakerRef{}), wordSize},
		{"Context", unsafe.Sizeof(Context{}), wordSize},
		{"JoinHandle", unsafe.Sizeof(JoinHandle[[100]int]{}), wordSize},
	} {
		if c.size != c.want {
			t.Errorf("%s: %d bytes, want %d", c.name, c.size, c.want)
		}
	}
}

// TestHeaderFirst: the harness converts between the addresses of a task and of
// its Header.
func TestHeaderFirst(t *testing.T) {
	var c taskCell[int, FutureFunc[int]]
	for name, off := range map[string]uintptr{
		"Header.state":      unsafe.Offsetof(c.state),
		"cell.Header":       unsafe.Offsetof(c.cell.Header),
		"joinCell.cell":     unsafe.Offsetof(c.joinCell.cell),
		"taskCell.joinCell": unsafe.Offsetof(c.joinCell),
	} {
		if off != 0 {
			t.Errorf("%s is at %d", name, off)
		}
	}
	if bits.UintSize == 64 {
		if end := unsafe.Offsetof(c.next) + wordSize; end > cacheLine/2 {
			t.Errorf("a run touches %d bytes of the Header", end)
		}
	}
}

// TestQueueEnds: what producers write and what the consumer writes is never in
// one cache line.
func TestQueueEnds(t *testing.T) {
	var q RunQueue
	if d := unsafe.Offsetof(q.batch) - unsafe.Offsetof(q.head); d < cacheLine {
		t.Errorf("%d bytes apart", d)
	}
}
