// Package m has the Drop of its waker.
package m

import (
	"github.com/rouse-go/rouse"
)

type fut struct { // MISTAKE: futuredrop
	rouse.Waker
	done bool
}

func (f *fut) Poll(cx rouse.Context) (int, bool) {
	f.CloneFrom(cx.Waker())
	return 0, f.done
}
