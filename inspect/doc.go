// Package inspect shows the tasks of a running program: as a page, as JSON and
// as text over HTTP, in the manner of net/http/pprof, and as counters in expvar.
//
//	var tasks rouse.OwnedTasks
//	http.Handle("/debug/tasks", inspect.Handler(inspect.List{Name: "io", Tasks: &tasks}))
//	inspect.Publish("rouse", inspect.List{Name: "io", Tasks: &tasks})
//
// It sees the tasks that are on an OwnedTasks: those spawned with
// rouse.Options.Owned, and those that Bind put there. They have names and sites
// if Options.Name or OwnedTasks.Describe gave them, and numbers of polls and
// wakes, and times, if the program was built with the tag rouse_trace. What a
// task waits for only the task knows: its label tells it, if the task has called
// rouse.WakerRef.SetLabel.
//
// A request for it takes the lock of each of a list's shards in turn, for as
// long as it takes to copy what is known of the tasks there. The page tells
// names and source paths: like pprof's, its port is not for the public.
package inspect

import "github.com/rouse-go/rouse"

// A List is an OwnedTasks by name.
type List struct {
	Name  string
	Tasks *rouse.OwnedTasks
}
