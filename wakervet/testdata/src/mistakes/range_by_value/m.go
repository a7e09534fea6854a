// Package m wakes copies.
package m

import (
	"github.com/rouse-go/rouse"
)

func Do(l []rouse.Waker) {
	for _, w := range l { // MISTAKE: wakercopy
		w.Wake()
	}
}
