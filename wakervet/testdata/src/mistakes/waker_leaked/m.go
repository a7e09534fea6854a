// Package m forgets a waker on one path.
package m

import (
	"github.com/rouse-go/rouse"
)

func later(r rouse.WakerRef, ch chan int) {
	w := r.Clone() // MISTAKE: wakerleak
	if <-ch == 0 {
		return
	}
	w.Wake()
}
