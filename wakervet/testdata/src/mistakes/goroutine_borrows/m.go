// Package m has a goroutine use a borrowed waker.
package m

import (
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

type fut struct{ done atomic.Bool }

func (f *fut) Poll(cx rouse.Context) (int, bool) {
	go func() { // MISTAKE: refescape
		f.done.Store(true)
		cx.Waker().WakeByRef()
	}()
	return 1, f.done.Load()
}
