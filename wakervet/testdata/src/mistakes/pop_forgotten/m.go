// Package m takes a task out of the queue, and stops.
package m

import (
	"github.com/rouse-go/rouse"
)

type T struct {
	rouse.Header
	n int
}

var q rouse.RunQueue

var vt = rouse.NewVtable(rouse.Ops[T]{
	Poll:     func(t *T, cx rouse.Context) bool { return true },
	Schedule: func(t *T, n rouse.Notified, _ rouse.Reason) { q.Push(n) },
})

func Do(stop bool) {
	for {
		n, ok := q.Pop() // MISTAKE: notifiedlost
		if !ok {
			return
		}
		if stop {
			return
		}
		n.Run()
	}
}
