//go:build !rouse_trace

package rouse

const tracing = false

// SetTracer sends the events of all tasks to t from now on; nil ends that. It
// reports whether tracing was built in, by the tag rouse_trace.
func SetTracer(Tracer) bool { return false }

// traced is what a Header has besides: nothing.
type traced struct{}

func (*traced) submitted() {}

func traceForeign(TraceOp)                                 {}
func (h *Header) traceWaker(TraceOp, ID, Snapshot, Action) {}
func (h *Header) traceTask(TraceOp, ID, Outcome, Cause)    {}
