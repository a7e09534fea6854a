//go:build rouse_explore

package scenarios

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// asked is the body of a scenario in which the identities of two tasks are asked for at once, that
// of the first by so many threads.
func asked(first int) func(w *world) {
	return func(w *world) {
		var tasks [2]rouse.Header
		w.x.Name(&tasks, "tasks")
		got := make([]explore.Ghost[rouse.ID], first+1)
		for i := range got {
			w.Go("ask"+string(rune('1'+i)), func() { got[i].Set(tasks[i/first].ID()) })
		}
		w.x.Final(func() {
			for i := range got {
				id := got[i].Get()
				w.x.Assert(id != 0 && id == tasks[i/first].ID(), "a task has the identities %d and %d", id, tasks[i/first].ID())
			}
			w.x.Assert(got[0].Get() != got[first].Get(), "two tasks have the identity %d", got[0].Get())
		})
	}
}

// Identities, dealt when they are first asked for.
var identities = []Scenario{
	{"identity", "2 tasks, 2 ask", asked(1), false},
	{"identity", "2 tasks, 3 ask", asked(2), false},
}
