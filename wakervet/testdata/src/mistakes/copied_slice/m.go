// Package m keeps copies of tasks.
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

func Do() (ts []T) {
	for range 3 {
		t := T{n: 1}
		vt.Init(&t)
		ts = append(ts, t) // MISTAKE: wakercopy
	}
	return ts
}
