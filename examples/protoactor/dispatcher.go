package protoactor

import (
	"github.com/asynkron/protoactor-go/actor"

	"github.com/rouse-go/rouse"
)

// NewDispatcher returns a dispatcher that has the workers of a scheduler run what it
// is given, such as those of examples/executor, instead of a goroutine for each. It
// is for any mailbox. An actor that waits for something, holds up its worker.
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
