package workqueue_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	clientgo "k8s.io/client-go/util/workqueue"

	"github.com/rouse-go/rouse/examples/workqueue"
)

// Both queues are client-go's interface, and each test is of both.
var (
	_      clientgo.TypedInterface[string] = (*workqueue.Queue[string])(nil)
	queues                                 = map[string]func() clientgo.TypedInterface[string]{
		"rouse":     func() clientgo.TypedInterface[string] { return workqueue.New[string]() },
		"client-go": func() clientgo.TypedInterface[string] { return clientgo.NewTyped[string]() },
	}
)

func ofBoth(t *testing.T, test func(t *testing.T, q clientgo.TypedInterface[string])) {
	for name, fresh := range queues {
		t.Run(name, func(t *testing.T) { test(t, fresh()) })
	}
}

// get expects an item at once.
func get(t *testing.T, q clientgo.TypedInterface[string], want string) {
	t.Helper()
	if got, shutdown := q.Get(); got != want || shutdown {
		t.Fatalf("Get returns %q, %v; want %q", got, shutdown, want)
	}
}

func length(t *testing.T, q clientgo.TypedInterface[string], want int) {
	t.Helper()
	if got := q.Len(); got != want {
		t.Errorf("%d items are due, want %d", got, want)
	}
}

// TestFair: items are processed in the order in which they are added.
func TestFair(t *testing.T) {
	ofBoth(t, func(t *testing.T, q clientgo.TypedInterface[string]) {
		for _, s := range []string{"a", "b", "c"} {
			q.Add(s)
		}
		length(t, q, 3)
		for _, s := range []string{"a", "b", "c"} {
			get(t, q, s)
		}
		length(t, q, 0)
	})
}

// TestStingy: what is added several times before it is processed is processed once.
func TestStingy(t *testing.T) {
	ofBoth(t, func(t *testing.T, q clientgo.TypedInterface[string]) {
		q.Add("a")
		q.Add("b")
		q.Add("a")
		length(t, q, 2)
		get(t, q, "a")
		get(t, q, "b")
		q.Done("a")
		q.Done("b")
		length(t, q, 0)
	})
}

// TestAddedWhileProcessed: it is processed again, once, and not before it is done.
func TestAddedWhileProcessed(t *testing.T) {
	ofBoth(t, func(t *testing.T, q clientgo.TypedInterface[string]) {
		q.Add("a")
		get(t, q, "a")
		q.Add("a")
		q.Add("a")
		length(t, q, 0)
		q.Add("b")
		q.Done("a") // now it is due, behind b
		length(t, q, 2)
		get(t, q, "b")
		get(t, q, "a")
		q.Done("a")
		q.Done("b")
		length(t, q, 0)
		q.Add("a") // as if it had never been there
		get(t, q, "a")
	})
}

// TestShutDown: nothing new is accepted, what is due is handed out, and then the
// workers are told to end.
func TestShutDown(t *testing.T) {
	ofBoth(t, func(t *testing.T, q clientgo.TypedInterface[string]) {
		q.Add("a")
		q.Add("b")
		get(t, q, "a")
		q.Add("a")
		if q.ShuttingDown() {
			t.Error("it is shutting down")
		}
		q.ShutDown()
		if !q.ShuttingDown() {
			t.Error("it is not shutting down")
		}
		q.Add("c")
		q.Add("b")
		get(t, q, "b")
		q.Done("b")
		q.Add("b")
		q.Done("a") // it was added again before the shutdown
		get(t, q, "a")
		q.Done("a")
		if s, shutdown := q.Get(); !shutdown {
			t.Errorf("Get returns %q", s)
		}
	})
}

// TestShutDownWakes: a worker that waits is told.
func TestShutDownWakes(t *testing.T) {
	ofBoth(t, func(t *testing.T, q clientgo.TypedInterface[string]) {
		var workers sync.WaitGroup
		for range 4 {
			workers.Add(1)
			go func() {
				defer workers.Done()
				if s, shutdown := q.Get(); !shutdown {
					t.Errorf("Get returns %q", s)
				}
			}()
		}
		q.ShutDown()
		workers.Wait()
	})
}

// drains calls ShutDownWithDrain, and returns a channel that is closed when it has
// returned. When drains returns, the queue is shutting down.
func drains(q clientgo.TypedInterface[string]) <-chan struct{} {
	returned := make(chan struct{})
	go func() {
		defer close(returned)
		q.ShutDownWithDrain()
	}()
	for !q.ShuttingDown() {
		runtime.Gosched()
	}
	return returned
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func TestDrain(t *testing.T) {
	ofBoth(t, func(t *testing.T, q clientgo.TypedInterface[string]) {
		q.Add("a")
		q.Add("b")
		get(t, q, "a")
		get(t, q, "b")
		q.Add("b")
		returned := drains(q)
		q.Done("a")
		if isClosed(returned) {
			t.Error("b is not done")
		}
		q.Done("b") // which was added again
		get(t, q, "b")
		q.Done("b")
		<-returned
		if s, shutdown := q.Get(); !shutdown {
			t.Errorf("Get returns %q", s)
		}
	})
}

// TestDrainIsForced: ShutDown ends a drain whose items are never done.
func TestDrainIsForced(t *testing.T) {
	ofBoth(t, func(t *testing.T, q clientgo.TypedInterface[string]) {
		q.Add("a")
		get(t, q, "a")
		returned := drains(q)
		q.ShutDown()
		<-returned
	})
}

// TestGarbage: an item that is done is not kept alive by the queue.
func TestGarbage(t *testing.T) {
	for name, q := range map[string]clientgo.TypedInterface[*[64]byte]{
		"rouse": workqueue.New[*[64]byte](), "client-go": clientgo.NewTyped[*[64]byte](),
	} {
		t.Run(name, func(t *testing.T) {
			var collected atomic.Bool
			func() {
				p := new([64]byte)
				runtime.SetFinalizer(p, func(any) { collected.Store(true) })
				q.Add(p)
				got, _ := q.Get()
				q.Done(got)
			}()
			for end := time.Now().Add(30 * time.Second); !collected.Load(); runtime.GC() {
				if time.Now().After(end) {
					t.Fatal("it is still there")
				}
			}
			runtime.KeepAlive(q)
		})
	}
}

// TestManyWorkers: each item is with one worker at a time, and the last Add of each
// is seen by a worker. The counters are plain: the race detector looks at them.
func TestManyWorkers(t *testing.T) {
	const producers, workers, adds = 4, 4, 3000
	keys := []string{"a", "b", "c", "d", "e", "f", "g"}
	ofBoth(t, func(t *testing.T, q clientgo.TypedInterface[string]) {
		wanted := map[string]*atomic.Int64{} // how often an item was added
		seen := map[string]*int64{}          // how many of these its workers have seen
		for _, k := range keys {
			wanted[k], seen[k] = new(atomic.Int64), new(int64)
		}
		var working, producing sync.WaitGroup
		for range workers {
			working.Add(1)
			go func() {
				defer working.Done()
				for {
					k, shutdown := q.Get()
					if shutdown {
						return
					}
					*seen[k] = wanted[k].Load()
					q.Done(k)
				}
			}()
		}
		for p := range producers {
			producing.Add(1)
			go func() {
				defer producing.Done()
				for i := range adds {
					k := keys[(i+p)%len(keys)]
					wanted[k].Add(1)
					q.Add(k)
				}
			}()
		}
		producing.Wait()
		q.ShutDown()
		working.Wait()
		for _, k := range keys {
			if w := wanted[k].Load(); *seen[k] != w {
				t.Errorf("%s was added %d times, the last worker saw %d", k, w, *seen[k])
			}
		}
	})
}
