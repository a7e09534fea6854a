package trace

import (
	"context"
	"runtime/trace"
	"strconv"
	"sync"

	"github.com/rouse-go/rouse"
)

// Runtime puts events into Go's execution trace, while one is being taken: a
// task is a trace.Task, of the type of its name, or "task"; a poll is a region
// of it, on the goroutine that polls; the others are logs, of the category of
// their operation. So "go tool trace" shows tasks beside goroutines, under
// User-defined tasks and in the goroutine view. Clones and drops of wakers are
// left out.
//
// The zero value is ready. It keeps an entry for each task that has not ended.
type Runtime struct {
	mu    sync.Mutex
	tasks map[rouse.ID]*runtimeTask
}

type runtimeTask struct {
	name string
	task *trace.Task // nil until the first event that counts: then the name is known
	ctx  context.Context
	poll *trace.Region // belongs to who polls
}

// Trace implements rouse.Tracer.
func (r *Runtime) Trace(e rouse.TraceEvent) {
	switch e.Op {
	case rouse.TraceClone, rouse.TraceDrop, rouse.TraceRelease:
		return
	}
	t, task := r.entry(e)
	if task == nil {
		return
	}
	switch e.Op {
	case rouse.TracePollStart:
		t.poll = trace.StartRegion(t.ctx, "poll")
	case rouse.TracePollEnd:
		if t.poll != nil {
			t.poll.End()
			t.poll = nil
		}
	case rouse.TraceSpawn, rouse.TraceName:
	default:
		trace.Log(t.ctx, string(e.Op), detail(e))
	}
	if e.Op == rouse.TraceComplete {
		task.End()
	}
}

// entry returns the task's, and its trace.Task; that is nil if there is none.
func (r *Runtime) entry(e rouse.TraceEvent) (*runtimeTask, *trace.Task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.tasks[e.Task]
	switch e.Op {
	case rouse.TraceName:
		if t != nil {
			t.name = e.Name
		}
		return nil, nil
	case rouse.TraceComplete:
		delete(r.tasks, e.Task)
		if t == nil {
			return nil, nil
		}
		return t, t.task
	case rouse.TraceWake, rouse.TraceWakeByRef:
		if t == nil || e.Outcome == rouse.OutcomeComplete {
			return nil, nil // it may have come after the task's end
		}
	default:
		if t == nil {
			t = &runtimeTask{name: "task"}
			if r.tasks == nil {
				r.tasks = map[rouse.ID]*runtimeTask{}
			}
			r.tasks[e.Task] = t
		}
	}
	if t.task == nil && e.Op != rouse.TraceSpawn && trace.IsEnabled() {
		t.ctx, t.task = trace.NewTask(context.Background(), t.name)
		trace.Log(t.ctx, "task.id", strconv.FormatUint(uint64(e.Task), 10))
	}
	return t, t.task
}

func detail(e rouse.TraceEvent) string {
	if e.Cause != rouse.CauseNone {
		return e.Cause.String()
	}
	return string(e.Outcome)
}
