package rouse_test

import (
	"fmt"

	"github.com/rouse-go/rouse"
)

// A Square is a future of a named type, which is what a Pool is of.
type Square int

func (s Square) Poll(rouse.Context) (int, bool) { return int(s * s), true }

// A Pool spawns in the cells of tasks that were released: from the second on,
// without allocating.
func ExamplePool() {
	var q rouse.LocalQueue
	s := rouse.ScheduleFunc(func(n rouse.Notified, _ rouse.Reason) { q.Push(n) })

	var pool rouse.Pool[int, Square]
	sum := 0
	for i := range 10 {
		j := pool.Spawn(s, Square(i))
		n, _ := q.Pop()
		n.Run()
		res, _ := j.TryJoin()
		sum += res.Value
	}
	fmt.Println(sum)
	// Output: 285
}
