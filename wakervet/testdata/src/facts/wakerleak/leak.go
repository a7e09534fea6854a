package leak

import (
	"notes"

	"github.com/rouse-go/rouse"
)

func leaks(r rouse.WakerRef, n rouse.Notified) {
	w := r.Clone() // want `the waker w is not woken, dropped or passed on`
	notes.Log(&w, n)
}

func keeps(r rouse.WakerRef, n rouse.Notified) {
	w := r.Clone()
	notes.Keep(1, &w)
}
