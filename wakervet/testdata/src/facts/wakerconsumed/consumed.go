package consumed

import (
	"notes"

	"github.com/rouse-go/rouse"
)

func consumes(r rouse.WakerRef, s notes.Slot) {
	w := r.Clone()
	notes.Keep(1, &w)
	w.Drop() // want `w is used after Keep at line \d+ consumed it`
	v := r.Clone()
	s.Put(&v)
	v.Wake() // want `v is used after Put at line \d+ consumed it`
}

func borrows(r rouse.WakerRef, n rouse.Notified) {
	w := r.Clone()
	notes.Log(&w, n)
	w.Wake()
}
