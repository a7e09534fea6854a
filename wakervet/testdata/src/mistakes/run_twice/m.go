// Package m runs a task twice.
package m

import (
	"github.com/rouse-go/rouse"
)

func Do(n rouse.Notified) {
	n.Run()
	n.Drop() // MISTAKE: wakerconsumed
}
