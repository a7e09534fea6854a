// Package m runs tasks inside of Wake, through a helper.
package m

import (
	"github.com/rouse-go/rouse"
)

type T struct {
	rouse.Header
	n int
}

var vt = rouse.NewVtable(rouse.Ops[T]{
	Poll:     func(t *T, cx rouse.Context) bool { return true },
	Schedule: func(t *T, n rouse.Notified, _ rouse.Reason) { exec(n) }, // MISTAKE: scheduleinline
})

func exec(n rouse.Notified) { n.Run() }
