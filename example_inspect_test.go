package rouse_test

import (
	"net/http"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/inspect"
)

// The tasks of a running program are shown on a page.
func Example_taskPage() {
	var q rouse.RunQueue
	var tasks rouse.OwnedTasks
	j := rouse.SpawnWith(&q, &Countdown{left: 3}, rouse.Options{Owned: &tasks, Name: "countdown"})
	defer j.Detach()
	http.Handle("/debug/tasks", inspect.Handler(inspect.List{Name: "io", Tasks: &tasks}))
}
