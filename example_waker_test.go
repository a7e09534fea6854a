package rouse_test

import (
	"fmt"

	"github.com/rouse-go/rouse"
)

// A future is polled by hand, with a waker made of a function.
func ExampleFuncWaker() {
	woken := 0
	w := rouse.FuncWaker(func() { woken++ })
	defer w.Drop()

	c := &Countdown{left: 2}
	for {
		s, ready := c.Poll(rouse.NewContext(w.Borrow()))
		if ready {
			fmt.Println(s)
			break
		}
		fmt.Println("woken", woken, "times")
	}
	// Output:
	// woken 1 times
	// woken 2 times
	// lift-off
}
