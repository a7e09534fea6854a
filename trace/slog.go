package trace

import (
	"context"
	"log/slog"
	"time"

	"github.com/rouse-go/rouse"
)

// Slog writes an event as a record: its message is the operation, as
// "waker.wake", its attributes are task, outcome, cause, latency, name and
// site, where they mean something.
type Slog struct {
	handler slog.Handler
	level   slog.Level
}

// NewSlog returns a Slog that writes to h, all at one level. What h does inside
// Handle, the task waits for; an error of h is ignored, as package slog does.
func NewSlog(h slog.Handler, level slog.Level) *Slog { return &Slog{h, level} }

// Trace implements rouse.Tracer.
func (s *Slog) Trace(e rouse.TraceEvent) {
	ctx := context.Background()
	if !s.handler.Enabled(ctx, s.level) {
		return
	}
	// No source: the caller of Trace is the kit.
	r := slog.NewRecord(time.Now(), s.level, e.Op, 0)
	if e.Task != 0 {
		r.AddAttrs(slog.Uint64("task", uint64(e.Task)))
	}
	if e.Outcome != OutcomeNone {
		r.AddAttrs(slog.String("outcome", e.Outcome))
	}
	if e.Cause != rouse.CauseNone {
		r.AddAttrs(slog.String("cause", e.Cause.String()))
	}
	if e.Latency != 0 {
		r.AddAttrs(slog.Duration("latency", e.Latency))
	}
	if e.Name != "" {
		r.AddAttrs(slog.String("name", e.Name))
	}
	if e.Site != "" {
		r.AddAttrs(slog.String("site", e.Site))
	}
	s.handler.Handle(ctx, r)
}
