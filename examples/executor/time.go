package executor

import (
	"context"
	"time"

	"github.com/rouse-go/rouse"
)

// Sleep returns a future that is ready once d has passed since the call.
func Sleep(d time.Duration) *Sleeping {
	s := new(Sleeping)
	s.timer = time.AfterFunc(d, s.over.Close)
	return s
}

// A Sleeping future waits until its timer closes the cell.
type Sleeping struct {
	timer *time.Timer
	over  rouse.WakerCell
}

// Poll is ready if the cell does not take a waker any more.
func (s *Sleeping) Poll(cx rouse.Context) (none struct{}, ready bool) {
	return none, !s.over.Register(cx.Waker())
}

// Drop gives back the timer, and the waker in the cell.
func (s *Sleeping) Drop() {
	s.timer.Stop()
	if w, waits := s.over.Take(); waits {
		w.Drop()
	}
}

// Timeout returns a future that is ready as soon as f is, with its output, or once
// d has passed since the call, with the error context.DeadlineExceeded. Then f is
// dropped.
func Timeout[T any](d time.Duration, f rouse.Future[T]) rouse.Future[rouse.Result[T]] {
	return &timeout[T]{f, Sleep(d)}
}

type timeout[T any] struct {
	what rouse.Future[T]
	time *Sleeping
}

func (t *timeout[T]) Poll(cx rouse.Context) (res rouse.Result[T], ready bool) {
	if res.Value, ready = t.what.Poll(cx); !ready {
		if _, ready = t.time.Poll(cx); ready {
			res.Err = context.DeadlineExceeded
		}
	}
	return res, ready
}

func (t *timeout[T]) Drop() {
	defer t.time.Drop() // even if the first panics
	drop(&t.what)
}
