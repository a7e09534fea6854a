// Package m aborts the next tenant.
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
	Release:  func(t *T) { free = append(free, t) },
	Schedule: func(t *T, n rouse.Notified, _ rouse.Reason) { q.Push(n) },
})

var free []*T

func drain() {
	for n, ok := q.Pop(); ok; n, ok = q.Pop() {
		n.Run()
	}
}

func Do() {
	t := &T{n: 1}
	q.Push(vt.InitNotified(t))
	drain()
	t.Abort() // MISTAKE: headerinit
}
