// Package m is pending, and tells nobody.
package m

import (
	"sync/atomic"

	"github.com/rouse-go/rouse"
)

type fut struct{ done atomic.Bool }

func (f *fut) Poll(cx rouse.Context) (int, bool) {
	if f.done.Load() {
		return 1, true
	}
	return 0, false // MISTAKE: pollpending
}
