// Package trace has Tracers for the events of package rouse: Slog writes them
// to log/slog, Runtime into Go's execution trace, Timeline to a file that
// Perfetto opens, Tee to several of these, Filter those that matter.
//
//	tl := trace.NewTimeline(file)
//	if !rouse.SetTracer(tl) {
//		return errors.New("no tracing: build with -tags rouse_trace")
//	}
//	defer tl.Close()
//	defer rouse.SetTracer(nil)
//
// Events exist in programs that were built with the tag rouse_trace. Without
// it this package compiles, rouse.SetTracer reports false, and no Tracer is
// ever called.
//
// # A Tracer of one's own
//
// Trace is called by whoever runs, wakes or ends a task, at once by many, and
// often inside a Wake, an Abort or a Waker.Drop. Therefore it must not
//
//   - use, clone or drop a waker, spawn a task, or wait for one: the event is
//     emitted in the middle of such an operation;
//   - call SetTracer, block, or take a lock that is held while tasks are woken;
//   - panic: that would be the panic of the poll or the wake it is told of;
//   - look at the task: it may be gone, and its memory another's. What is known
//     of it stands in the event.
//
// SetTracer does not wait for calls under way: a Tracer may be called shortly
// after it was replaced. Those of this package ignore what comes after Close.
package trace
