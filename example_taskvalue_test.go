package rouse_test

import (
	"fmt"

	"github.com/rouse-go/rouse"
)

// Locals are what a runtime keeps for each of its tasks.
type Locals struct{ trace string }

// localsOf returns those of the task that polls the caller, or nil.
func localsOf(cx rouse.Context) *Locals {
	t, ok := cx.Waker().Task()
	if !ok {
		return nil
	}
	l, _ := t.Value().(*Locals)
	return l
}

// A future that is deep inside others finds the value of the task that it is
// polled by. So a runtime builds task-locals, or hands trace IDs on.
func ExampleRawTask_Value() {
	var q rouse.LocalQueue
	inner := rouse.FutureFunc[string](func(cx rouse.Context) (string, bool) {
		return "in trace " + localsOf(cx).trace, true
	})
	outer := rouse.FutureFunc[string](func(cx rouse.Context) (string, bool) { return inner.Poll(cx) })
	j := rouse.SpawnWith(&q, outer, rouse.Options{Value: &Locals{trace: "4bf92f"}})
	for q.RunOne() {
	}
	res, _ := j.TryJoin()
	fmt.Println(res.Value)
	// Output:
	// in trace 4bf92f
}

// At level 1 the task is a struct of one's own, and its Vtable finds it.
func ExampleVtable_Of() {
	c := &Conn{name: "c"}
	connVtable.Init(c)
	cx := rouse.NewContext(c.WakerRef()) // as its Poll is given
	if t, ok := cx.Waker().Task(); ok {
		conn, ok := connVtable.Of(t)
		fmt.Println(conn.name, ok)
	}
	// Output:
	// c true
}
