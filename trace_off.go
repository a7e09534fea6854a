//go:build !rouse_trace

package rouse

const tracing = false

// SetTracer sends the events of all tasks to t from now on, instead of the former
// Tracer; nil stops them. It does not wait for calls of the former Tracer that are
// in progress. It is safe for concurrent use by multiple goroutines. It reports
// whether the program was built with the tag rouse_trace; otherwise it does
// nothing.
func SetTracer(Tracer) bool { return false }

// The tracing build keeps times and totals with each task and each list. Here
// that is nothing.
type (
	traced   struct{}
	traceKey struct{}
	counted  struct{}
)

func (*traced) describe(*TaskInfo)       {}
func (*counted) addTo(*Counters)         {}
func (h *Header) traceKey() (k traceKey) { return }

func tracedWake(*State, string, func(*State) action) action { return actNone }

func (traceKey) waker(string, Snapshot, action)   {}
func (h *Header) submitted(Reason)                {}
func (h *Header) traceTask(string, string, Cause) {}
func (h *Header) traceName(note)                  {}
func traceForeign(string)                         {}

// Unbound returns the totals of the tasks that are on no OwnedTasks. It reports
// false, and no totals, unless the program was built with the tag rouse_trace. It
// is safe for concurrent use by multiple goroutines.
func Unbound() (Counters, bool) { return Counters{}, false }
