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
	case OpClone, OpDrop, OpRelease:
		return
	}
	t, task := r.entry(e)
	if task == nil {
		return
	}
	switch e.Op {
	case OpPollStart:
		t.poll = trace.StartRegion(t.ctx, "poll")
	case OpPollEnd:
		if t.poll != nil {
			t.poll.End()
			t.poll = nil
		}
	case OpSpawn, OpName:
	default:
		trace.Log(t.ctx, e.Op, detail(e))
	}
	if e.Op == OpComplete {
		task.End()
	}
}

// entry returns the task's, and its trace.Task; that is nil if there is none.
func (r *Runtime) entry(e rouse.TraceEvent) (*runtimeTask, *trace.Task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.tasks[e.Task]
	switch e.Op {
	case OpName:
		if t != nil {
			t.name = e.Name
		}
		return nil, nil
	case OpComplete:
		delete(r.tasks, e.Task)
		if t == nil {
			return nil, nil
		}
		return t, t.task
	case OpWake, OpWakeByRef:
		if t == nil || e.Outcome == OutcomeComplete {
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
	if t.task == nil && e.Op != OpSpawn && trace.IsEnabled() {
		t.ctx, t.task = trace.NewTask(context.Background(), t.name)
		trace.Log(t.ctx, "task.id", strconv.FormatUint(uint64(e.Task), 10))
	}
	return t, t.task
}

func detail(e rouse.TraceEvent) string {
	if e.Cause != rouse.CauseNone {
		return e.Cause.String()
	}
	return e.Outcome
}
