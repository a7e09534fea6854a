package rouse_test

import (
	"fmt"
	"unsafe"

	"github.com/rouse-go/rouse"
)

// A WakerRef is borrowed. Clone makes a Waker of it, to keep.
func ExampleWakerRef() {
	w := rouse.FuncWaker(func() { fmt.Println("woken") })
	r := w.Borrow()
	c := r.Clone()
	fmt.Println(c.WillWake(r))
	c.Wake()
	w.Drop()
	// Output:
	// true
	// woken
}

// A Waker of another kind is made of a table and a pointer.
func ExampleRawWaker() {
	n := new(int)
	w := rouse.WakerFromRaw(rouse.RawWaker{Data: unsafe.Pointer(n), VTable: &counting})
	w.WakeByRef()
	w.WakeByRef()
	w.Drop()
	fmt.Println(*n)
	// Output: 2
}

var counting = rouse.RawWakerVTable{
	Clone:     func(p unsafe.Pointer) rouse.RawWaker { return rouse.RawWaker{Data: p} },
	Wake:      func(p unsafe.Pointer) { *(*int)(p)++ },
	WakeByRef: func(p unsafe.Pointer) { *(*int)(p)++ },
	Drop:      func(unsafe.Pointer) {},
}

// A Reason is printed in words.
func ExampleReason() {
	fmt.Println(rouse.Spawned, rouse.Woken, rouse.Yielded, rouse.Cancelled)
	// Output: spawned woken yielded cancelled
}

// A RawWakerVTable says what a waker of another kind does. The kit counts the
// clones itself, so it calls Drop once, for the last of them.
func ExampleRawWakerVTable() {
	table := rouse.RawWakerVTable{
		Clone:     func(p unsafe.Pointer) rouse.RawWaker { return rouse.RawWaker{Data: p} },
		Wake:      func(unsafe.Pointer) { fmt.Println("woken, and consumed") },
		WakeByRef: func(unsafe.Pointer) { fmt.Println("woken") },
		Drop:      func(unsafe.Pointer) { fmt.Println("dropped") },
	}
	w := rouse.WakerFromRaw(rouse.RawWaker{VTable: &table})
	c := w.Clone()
	c.WakeByRef()
	c.Drop()
	w.Drop()
	// Output:
	// woken
	// dropped
}

// An ID is dealt when it is first asked for, and stays.
func ExampleID() {
	var q rouse.RunQueue
	j := rouse.Spawn(&q, rouse.Ready(1))
	a := j.AbortHandle()
	fmt.Println(a.ID() == j.ID())
	q.RunOne()
	j.Detach()
	// Output: true
}

// A counter of ends is a Scheduler with a hook of its own.
type endCounter struct {
	rouse.NoHooks
	rouse.LocalQueue
	ended int
}

func (c *endCounter) Terminated(rouse.RawTask, *rouse.JoinError) { c.ended++ }

func ExampleHooks() {
	c := new(endCounter)
	rouse.SpawnDetached(c, rouse.Ready(1))
	rouse.SpawnDetached(c, rouse.Ready(2))
	for c.RunOne() {
	}
	fmt.Println(c.ended)
	// Output: 2
}

// A Scheduler that embeds NoHooks defines the hooks that it needs.
type careful struct {
	rouse.NoHooks
	rouse.LocalQueue
}

func (*careful) Panicked(err *rouse.JoinError) bool {
	fmt.Println("a task has panicked:", err.Value)
	return true // dealt with: the loop goes on
}

func ExampleNoHooks() {
	c := new(careful)
	rouse.SpawnDetached(c, rouse.FutureFunc[int](func(rouse.Context) (int, bool) { panic("a bad future") }))
	for c.RunOne() {
	}
	// Output: a task has panicked: a bad future
}
