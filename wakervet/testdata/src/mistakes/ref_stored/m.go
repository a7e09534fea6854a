// Package m stores a borrowed waker.
package m

import (
	"github.com/rouse-go/rouse"
)

type fut struct {
	done bool
	w    rouse.WakerRef
}

func (f *fut) Poll(cx rouse.Context) (int, bool) {
	f.w = cx.Waker() // MISTAKE: refescape
	return 1, f.done
}
