package rouse_test

import (
	"fmt"

	"github.com/rouse-go/rouse"
)

// A Square is a future. A Pool is for futures of one type.
type Square int

func (s Square) Poll(rouse.Context) (int, bool) { return int(s * s), true }

// A Pool spawns tasks in the memory of tasks that were released: from the second
// one on it allocates nothing.
func ExamplePool() {
	var q rouse.LocalQueue
	var pool rouse.Pool[int, Square]
	sum := 0
	for i := range 10 {
		j := pool.Spawn(&q, Square(i))
		q.RunOne()
		res, _ := j.TryJoin()
		sum += res.Value
	}
	fmt.Println(sum)
	// Output: 285
}
