//go:build rouse_explore

package scenarios

import (
	"reflect"
	"slices"
	"testing"

	"github.com/rouse-go/rouse"
)

// elsewhere are the methods that the generated scenarios do without, and why.
var elsewhere = map[string][]string{
	"touches its receiver alone": {
		"Waker.Borrow", "Waker.IntoRaw", "Waker.IsZero", "Waker.String", "Waker.Move", "Waker.WillWake",
		"WakerRef.IsZero", "WakerRef.Raw", "WakerRef.String", "WakerRef.Task", "WakerRef.WillWake", "Header.WakerRef",
		"JoinHandle.IsZero", "JoinHandle.Move", "AbortHandle.IsZero", "RawTask.Header", "RawTask.Value", "Notified.IsZero", "Notified.Task",
	},
	"makes a subject": {"OwnedTasks.Bind"},
	"is the queue's, whose scenarios are written out":       {"Notified.Next", "Notified.SetNext"},
	"blocks the goroutine, by way of TryJoin and Poll":      {"JoinHandle.Join"},
	"waits for the list alone, in scenarios of its own":     {"OwnedTasks.PollEmpty"},
	"blocks the goroutine, by way of PollEmpty":             {"OwnedTasks.WaitEmpty"},
	"labels a task for people, under the list's lock":       {"WakerRef.SetLabel"},
	"counts what others did, of no consequence to any task": {"OwnedTasks.Counters"},
}

// TestMethodsCovered: each method of a task and its handles is an operation of the generated
// scenarios, or is named here.
func TestMethodsCovered(t *testing.T) {
	known := methods()
	for _, names := range elsewhere {
		known = append(known, names...)
	}
	var found []string
	for name, v := range map[string]any{
		"Waker": new(rouse.Waker), "WakerRef": rouse.WakerRef{}, "Header": new(rouse.Header),
		"RawTask": rouse.RawTask{}, "Notified": rouse.Notified{}, "OwnedTasks": new(rouse.OwnedTasks),
		"JoinHandle": new(rouse.JoinHandle[output]), "AbortHandle": rouse.AbortHandle{},
	} {
		typ := reflect.TypeOf(v)
		for i := range typ.NumMethod() {
			found = append(found, name+"."+typ.Method(i).Name)
		}
	}
	for _, m := range found {
		if !slices.Contains(known, m) {
			t.Errorf("%s is in no generated scenario", m)
		}
	}
	for _, m := range known {
		if !slices.Contains(found, m) {
			t.Errorf("there is no method %s", m)
		}
	}
}
