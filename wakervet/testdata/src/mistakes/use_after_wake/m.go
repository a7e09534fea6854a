// Package m uses a waker that is gone.
package m

import (
	"github.com/rouse-go/rouse"
)

var fut = rouse.FutureFunc[int](func(cx rouse.Context) (int, bool) {
	w := cx.Waker().Clone()
	w.Wake()
	defer w.Drop() // MISTAKE: wakerconsumed
	return 0, false
})
