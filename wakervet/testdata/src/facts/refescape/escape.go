package escape

import (
	"notes"

	"github.com/rouse-go/rouse"
)

func retains(l *notes.List, cx rouse.Context, h *rouse.Header) {
	l.Retain(cx.Waker()) // want `a WakerRef is given to a function that keeps it`
	l.Retain(h.WakerRef())
}
