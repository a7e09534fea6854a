//go:build !rouse_trace

package rouse

const tracing = false

// SetTracer sends the events of all tasks to t from now on; nil ends that. It
// reports whether tracing was built in, by the tag rouse_trace.
func SetTracer(Tracer) bool { return false }

// What the tracing build keeps with a task and with a list is nothing here.
type (
	traced   struct{}
	traceKey struct{}
	counted  struct{}
)

func (*traced) describe(*TaskInfo)       {}
func (*counted) addTo(*Counters)         {}
func (h *Header) traceKey() (k traceKey) { return }

func tracedWake(*State, TraceOp, func(*State) action) action { return actNone }

func (traceKey) waker(TraceOp, Snapshot, action)    {}
func (h *Header) submitted(Reason)                  {}
func (h *Header) traceTask(TraceOp, Outcome, Cause) {}
func (h *Header) traceName(note)                    {}
func traceForeign(TraceOp)                          {}

// Unbound returns the totals of the tasks that are bound to no list, and
// whether they were counted, by the tag rouse_trace.
func Unbound() (Counters, bool) { return Counters{}, false }
