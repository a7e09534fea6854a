// Package m has a Close where a Drop is wanted.
package m

import (
	"github.com/rouse-go/rouse"
)

type fut struct{ w rouse.Waker }

func (f *fut) Poll(cx rouse.Context) (int, bool) {
	f.w.CloneFrom(cx.Waker())
	return 0, false
}

func (f *fut) Close() { f.w.Drop() } // MISTAKE: futuredrop
