// Package m waits at a closed cell.
package m

import (
	"github.com/rouse-go/rouse"
)

type fut struct{ cell rouse.WakerCell }

func (f *fut) Poll(cx rouse.Context) (int, bool) {
	f.cell.Register(cx.Waker()) // MISTAKE: wakerdiscard
	return 0, false
}

func (f *fut) stop() { f.cell.Close() }
