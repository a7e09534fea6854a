// Package m has a Drop that is not called.
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

type fut struct{ s *sleep }

func (f *fut) Poll(cx rouse.Context) (int, bool) { return f.s.Poll(cx) }

func (f *fut) Drop() error { // MISTAKE: futuredrop
	f.s.Drop()
	return nil
}
