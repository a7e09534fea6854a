package executor

import "github.com/rouse-go/rouse"

// Value returns the value of the task that polls the caller, as it was given by
// SpawnWith: the number of the request that the task serves, for example, or a
// pointer to all that belongs to it. So futures that are deep inside others find
// it. It reports false if there is none, or none of that type.
func Value[V any](cx rouse.Context) (v V, ok bool) {
	if t, isTask := cx.Waker().Task(); isTask {
		v, ok = t.Value().(V)
	}
	return v, ok
}
