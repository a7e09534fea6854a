// Package m forgets the first run.
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

func Do(t *T, tasks *rouse.OwnedTasks) {
	vt.InitBound(t, tasks) // MISTAKE: notifiedlost
}
