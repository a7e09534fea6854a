package trace

import (
	"errors"
	"io"

	"github.com/rouse-go/rouse"
)

// Tee hands each event to all of its Tracers, in turn.
type Tee []rouse.Tracer

// Trace implements rouse.Tracer.
func (t Tee) Trace(e rouse.TraceEvent) {
	for _, to := range t {
		to.Trace(e)
	}
}

// Close closes those that can be closed, and returns all their errors.
func (t Tee) Close() error {
	var errs []error
	for _, to := range t {
		if c, ok := to.(io.Closer); ok {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}

// Filter returns a Tracer that hands on the events that keep is true of.
func Filter(to rouse.Tracer, keep func(rouse.TraceEvent) bool) rouse.Tracer {
	return filter{to, keep}
}

type filter struct {
	to   rouse.Tracer
	keep func(rouse.TraceEvent) bool
}

func (f filter) Trace(e rouse.TraceEvent) {
	if f.keep(e) {
		f.to.Trace(e)
	}
}

func (f filter) Close() error { return Tee{f.to}.Close() }
