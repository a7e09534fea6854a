//go:build rouse_explore

package scenarios

import (
	"fmt"

	"github.com/rouse-go/rouse"
)

// emptied is the body of a scenario of tasks on one owner list, as of roster, while others wait
// until the list is empty. Nobody spawns meanwhile, so who was told so finds it empty for good, and
// unless tasks are removed, all of them at their end.
func emptied(waiters int, removes bool, tasks func(w *world)) func(w *world) {
	return func(w *world) {
		tasks(w)
		for i := range waiters {
			w.awaitsEmpty(fmt.Sprintf("await%d", i+1), removes)
		}
	}
}

func (w *world) awaitsEmpty(name string, removes bool) {
	s, wait := w.spy(), new(rouse.Waiter)
	told := false
	w.x.Name(wait, "%s", name)
	w.before = append(w.before, func() {
		w.x.Assert(told, "%s still waits, with %d on the list", name, w.list.Len())
	})
	w.x.Daemon(name, func() {
		w.x.Await("start", always)
		for {
			w.x.At("await")
			seen := s.wakes.Get()
			w.x.Do(func() { told = w.list.PollEmpty(s.cx(), wait) })
			if told {
				for _, t := range w.tasks {
					n := t.h.Snapshot()
					w.x.Assert(removes || t.freed.v > 0 || n.Complete() || n.Running(), "%s was told, and a task is %v", name, n)
				}
				return
			}
			w.x.Await("woken", func() bool { return s.wakes.Get() > seen })
		}
	})
}

// Those who wait until a list is empty.
var awaitedLists = []Scenario{
	{"OwnedTasks empty", "1 task: by val", emptied(1, false, roster(1, 0, owned, detach((*task).byVal))), false},
	{"OwnedTasks empty", "1 task: remove", emptied(1, true, roster(1, 0, owned, detach((*task).remover))), false},
	{"OwnedTasks empty", "1 task: by val, shutdown", emptied(1, false, roster(1, 1, owned, detach((*task).byVal))), true},
	{"OwnedTasks empty", "1 task: shutdown, 2 wait", emptied(2, false, roster(1, 1, owned, detach())), true},
}
