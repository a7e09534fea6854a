// Package m forwards one Drop of two.
package m

import (
	"github.com/rouse-go/rouse"
)

type sleep struct{ w rouse.Waker }

func (s *sleep) Poll(cx rouse.Context) (int, bool) {
	s.w.CloneFrom(cx.Waker())
	return 0, false
}

func (s *sleep) Drop() { s.w.Drop() }

type either struct{ a, b *sleep }

func (f *either) Poll(cx rouse.Context) (int, bool) {
	if v, ok := f.a.Poll(cx); ok {
		return v, true
	}
	return f.b.Poll(cx)
}

func (f *either) Drop() { f.a.Drop() } // MISTAKE: futuredrop
