package explore

import (
	"runtime"
	"strings"
	"testing"
)

// stubborn is what every library has that must finish what it began: user code that unwinds is
// followed by a call that goes on behind it.
func stubborn(n int, step func(i int)) {
	i := 0
	var again func()
	again = func() {
		defer func() {
			if i < n {
				again()
			}
		}()
		for i < n {
			i++
			step(i)
		}
	}
	again()
}

// endless never lets itself be unwound.
func endless(step func()) {
	defer func() { endless(step) }()
	for {
		step()
	}
}

// A failure is reported whatever the deferred calls of the other threads do.
func TestTakeDownOfDeferredCalls(t *testing.T) {
	for name, other := range map[string]func(x *Exec, w *Uint64, mu *Mutex){
		"finishes": func(x *Exec, w *Uint64, mu *Mutex) { stubborn(50, func(int) { w.Add(1) }) },
		"endless":  func(x *Exec, w *Uint64, mu *Mutex) { endless(func() { w.Add(1) }) },
		"locks":    func(x *Exec, w *Uint64, mu *Mutex) { endless(func() { mu.Lock() }) },
		"pauses":   func(x *Exec, w *Uint64, mu *Mutex) { endless(Pause) },
		"waits": func(x *Exec, w *Uint64, mu *Mutex) {
			endless(func() { x.Await("x", func() bool { return w.Load() == 99 }) })
		},
		"starts": func(x *Exec, w *Uint64, mu *Mutex) {
			defer func() { w.Add(1); x.Go("child", func() { w.Add(1) }) }()
			w.Add(1)
		},
		"fails": func(x *Exec, w *Uint64, mu *Mutex) { w.Add(1); endless(func() { x.Failf("too") }) },
		"pool":  func(x *Exec, w *Uint64, mu *Mutex) { p := new(Pool); endless(func() { p.Put(1); p.Get() }) },
		"panics": func(x *Exec, w *Uint64, mu *Mutex) {
			defer func() { w.Add(1); panic("in a deferred call") }()
			w.Add(1)
		},
		"exits":      func(x *Exec, w *Uint64, mu *Mutex) { defer func() { runtime.Goexit() }(); w.Add(1) },
		"recursive":  func(x *Exec, w *Uint64, mu *Mutex) { defer mu.Unlock(); mu.Lock(); mu.Lock() },
		"a daemon's": func(x *Exec, w *Uint64, mu *Mutex) { x.Daemon("d", func() { endless(func() { w.Add(1) }) }) },
	} {
		t.Run(name, func(t *testing.T) {
			r := Run(Config{MaxSteps: 50}, func(x *Exec) {
				var w Uint64
				var mu Mutex
				x.Go("other", func() { other(x, &w, &mu) })
				x.Go("fails", func() {
					w.Load()
					x.Failf("found it")
				})
			})
			if r.Failure == nil {
				t.Errorf("no failure: %v", r)
			}
		})
	}
}

// What a thread defers is run as it would be after a Goexit: to its end, if it has one.
func TestTakeDownRunsDeferredCalls(t *testing.T) {
	var begun, ended int
	fails(t, "found it", func(x *Exec) {
		var w Uint64
		x.Go("other", func() {
			begun++
			stubborn(20, func(i int) {
				w.Add(1)
				if i == 20 {
					ended++
				}
			})
		})
		x.Go("fails", func() {
			w.Load()
			x.Failf("found it")
		})
	})
	if begun == 0 || begun != ended {
		t.Errorf("%d begun, %d ended", begun, ended)
	}
}

// A lock that is given back by a deferred call lets others end.
func TestTakeDownInAnyOrder(t *testing.T) {
	ended := 0
	fails(t, "found it", func(x *Exec) {
		var w Uint64
		var mu Mutex
		x.Go("waits for the lock", func() {
			defer func() {
				mu.Lock()
				ended++
				mu.Unlock()
			}()
			w.Add(1)
		})
		x.Go("holds it", func() {
			mu.Lock()
			defer mu.Unlock()
			x.Failf("found it")
		})
	})
	if ended == 0 {
		t.Error("never got the lock")
	}
}

// A panic in a deferred call that runs because of a Goexit does not stop the Goexit.
func TestPanicWhileExiting(t *testing.T) {
	r := fails(t, "panic in a: too", func(x *Exec) {
		var w Uint64
		x.Go("a", func() {
			defer func() {
				w.Add(1)
				panic("too")
			}()
			w.Add(1)
			runtime.Goexit()
		})
	})
	if !strings.Contains(r.Failure.Stack, "TestPanicWhileExiting") {
		t.Errorf("the stack does not show the panic:\n%s", r.Failure.Stack)
	}
}
