// Package m counts in a copy.
package m

import (
	"github.com/rouse-go/rouse"
)

type fut struct{ polls int }

func (f fut) Poll(cx rouse.Context) (int, bool) {
	f.polls++ // MISTAKE: pollreceiver
	cx.Waker().WakeByRef()
	return f.polls, f.polls > 3
}
