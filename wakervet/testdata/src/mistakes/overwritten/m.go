// Package m forgets the waker of the poll before.
package m

import (
	"github.com/rouse-go/rouse"
)

type shared struct {
	done bool
	w    rouse.Waker
}

type fut struct{ *shared }

func (f fut) Poll(cx rouse.Context) (int, bool) {
	if f.done {
		return 1, true
	}
	f.w = cx.Waker().Clone() // MISTAKE: wakeroverwrite
	return 0, false
}
