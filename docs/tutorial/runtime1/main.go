// Runtime1 spawns a future, and runs it.
package main

import (
	"fmt"

	"github.com/rouse-go/rouse"
)

// A Countdown is a future: a computation that advances each time it is polled.
type Countdown struct{ left int }

// Poll returns an output and true, or false if it is not ready yet.
func (c *Countdown) Poll(cx rouse.Context) (string, bool) {
	if c.left == 0 {
		return "lift-off", true
	}
	fmt.Println(c.left)
	c.left--
	cx.Waker().WakeByRef() // be polled again, when others have had their turn
	return "", false
}

func main() {
	var q rouse.RunQueue // a scheduler
	j := rouse.Spawn(&q, &Countdown{left: 3})
	for q.RunOne() {
	}
	res, finished := j.TryJoin()
	fmt.Println(finished, res.Value, res.Err)
}
