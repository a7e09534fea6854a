package proptest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest"
)

// watchesHandles is whether this build knows of handles.
var watchesHandles = rouse.OnLeak(func(rouse.Leak) {})

// A verdict is a test's that NoLeaks is called in.
type verdict struct {
	testing.TB
	cleanups []func()
	errors   []string
	logs     []string
}

func (v *verdict) Helper()           {}
func (v *verdict) Cleanup(f func())  { v.cleanups = append(v.cleanups, f) }
func (v *verdict) Error(args ...any) { v.errors = append(v.errors, fmt.Sprint(args...)) }
func (v *verdict) Log(args ...any)   { v.logs = append(v.logs, fmt.Sprint(args...)) }

func (v *verdict) of(test func()) *verdict {
	proptest.NoLeaks(v)
	test()
	for i := len(v.cleanups) - 1; i >= 0; i-- {
		v.cleanups[i]()
	}
	return v
}

type leaker struct{ rouse.Header }

var leakerVtable = rouse.NewVtable(rouse.Ops[leaker]{
	Poll:     func(*leaker, rouse.Context) bool { return false },
	Cancel:   func(*leaker, rouse.Cause) {},
	Schedule: func(*leaker, rouse.Notified, rouse.Reason) {},
})

func newLeaker() *leaker {
	t := new(leaker)
	leakerVtable.Init(t)
	return t
}

func TestNoLeaks(t *testing.T) {
	v := new(verdict).of(func() {
		w := newLeaker().WakerRef().Clone()
		w.Drop()
	})
	if v.errors != nil {
		t.Errorf("nothing leaks, and NoLeaks says %q", v.errors)
	}
	if watchesHandles == (v.logs != nil) {
		t.Errorf("handles are watched: %v, and NoLeaks notes %q", watchesHandles, v.logs)
	}
}

// Handles that are alive at the end, and such that were lost.
func TestNoLeaksFinds(t *testing.T) {
	var kept [3]rouse.Waker
	for what, leak := range map[string]func(){
		"3 Waker alive": func() {
			for i := range kept {
				kept[i] = newLeaker().WakerRef().Clone()
			}
		},
		"1 Notified ": func() { newLeaker().Wake() },
	} {
		v := new(verdict).of(leak)
		switch {
		case !watchesHandles:
			if v.errors != nil {
				t.Errorf("nothing is watched, and NoLeaks says %q", v.errors)
			}
		case len(v.errors) != 1 || !strings.Contains(v.errors[0], what) || !strings.Contains(v.errors[0], "leaks_test.go:"):
			t.Errorf("want %q, NoLeaks says %q", what, v.errors)
		}
	}
	for i := range kept {
		kept[i].Drop()
	}
}

// What leaked before the test is not its own.
func TestNoLeaksBefore(t *testing.T) {
	w := newLeaker().WakerRef().Clone()
	if v := new(verdict).of(func() {}); v.errors != nil {
		t.Errorf("NoLeaks says %q", v.errors)
	}
	w.Drop()
}

// A goroutine may end its handles a little later.
func TestNoLeaksWaits(t *testing.T) {
	done := make(chan struct{})
	w := newLeaker().WakerRef().Clone()
	v := new(verdict)
	v.of(func() {
		x := w.Clone()
		v.Cleanup(func() {
			go func() {
				defer close(done)
				x.Drop()
			}()
		})
	})
	<-done
	if v.errors != nil {
		t.Errorf("NoLeaks says %q", v.errors)
	}
	w.Drop()
}

// A handle that is discarded counts, and one that is detached does not.
func TestNoLeaksOfDiscardedHandles(t *testing.T) {
	for detached, want := range map[bool]int{true: 0, false: 1} {
		v := new(verdict).of(func() {
			var q rouse.LocalQueue
			j := rouse.Spawn[int](&q, rouse.Ready(1))
			if detached {
				j.Detach()
			}
			q.RunOne()
		})
		if !watchesHandles {
			want = 0
		}
		if len(v.errors) != want || want == 1 && !strings.Contains(v.errors[0], "JoinHandle") {
			t.Errorf("detached %v: NoLeaks says %q", detached, v.errors)
		}
	}
}
