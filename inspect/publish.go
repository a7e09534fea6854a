package inspect

import (
	"expvar"

	"github.com/rouse-go/rouse"
)

// Publish makes the counters of the lists an expvar variable, an object with a
// member for each list, which /debug/vars shows. If tracing was built in, there
// is also "unbound", of the tasks on no list. Like expvar.Publish it panics if
// the name is taken.
func Publish(name string, lists ...List) { expvar.Publish(name, Var(lists...)) }

// Var is what Publish publishes.
func Var(lists ...List) expvar.Var {
	return expvar.Func(func() any {
		all := map[string]rouse.Counters{}
		for _, l := range lists {
			all[l.Name] = l.Tasks.Counters()
		}
		if c, traced := rouse.Unbound(); traced {
			all["unbound"] = c
		}
		return all
	})
}
