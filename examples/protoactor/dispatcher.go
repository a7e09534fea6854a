package protoactor

import (
	"github.com/asynkron/protoactor-go/actor"

	"github.com/rouse-go/rouse"
)

// NewDispatcher returns a dispatcher whose functions are run by the workers of a
// scheduler, such as examples/executor, and not each by a goroutine of its own. An
// actor that waits for something keeps a worker waiting. The mailboxes of this package
// give the worker up after throughput messages; proto.actor's own keeps it until it
// is empty.
func NewDispatcher(s rouse.Scheduler, throughput int) actor.Dispatcher {
	return &workers{scheduler: s, throughput: throughput}
}

// workers is a dispatcher.
type workers struct {
	scheduler  rouse.Scheduler
	throughput int
	calls      rouse.Pool[struct{}, call]
}

// A call is a future that is ready after the function was called.
type call func()

func (c call) Poll(rouse.Context) (struct{}, bool) {
	c()
	return struct{}{}, true
}

func (w *workers) Schedule(fn func()) { w.calls.SpawnDetached(w.scheduler, fn) }

func (w *workers) Throughput() int { return w.throughput }
