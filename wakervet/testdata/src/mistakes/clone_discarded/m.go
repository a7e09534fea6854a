// Package m clones a waker for nobody.
package m

import (
	"github.com/rouse-go/rouse"
)

func Poll(cx rouse.Context) {
	cx.Waker().Clone() // MISTAKE: wakerdiscard
}
