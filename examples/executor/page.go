package executor

import (
	"net/http"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/inspect"
)

// Page returns a page that shows the tasks, with their names and states, and as
// JSON and as text; package inspect says how. Built with the tag rouse_trace it
// also has times and numbers of polls.
func (e *Executor) Page(name string) http.Handler {
	return inspect.Handler(inspect.List{Name: name, Tasks: &e.tasks})
}

// Stats are numbers about an executor at some moment.
type Stats struct {
	rouse.Counters // of its tasks

	Workers int
	Queued  int    // tasks in the shared queue
	Steals  uint64 // how often a worker stole from another
	Sleeps  uint64 // how often a worker went to sleep
}

// Stats returns the numbers as they are now.
func (e *Executor) Stats() Stats {
	s := Stats{Counters: e.tasks.Counters(), Workers: len(e.workers), Queued: e.shared.Len()}
	for _, w := range e.workers {
		s.Steals += w.steals.Load()
		s.Sleeps += w.sleeps.Load()
	}
	return s
}
