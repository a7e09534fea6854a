package wasm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rouse-go/rouse"
)

// code is the module, which is built once for all tests.
var code *Code

func TestMain(m *testing.M) {
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func build() error {
	dir, err := os.MkdirTemp("", "guest")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "guest.wasm")
	cmd := exec.Command("go", "build", "-buildmode=c-shared", "-o", file, "./guest")
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=-buildvcs=false", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building the guest: %w\n%s", err, out)
	}
	binary, err := os.ReadFile(file)
	code = NewCode(binary)
	return err
}

// value is what the host answers for a key.
func value(key uint32) uint64 { return uint64(key)*3 + 1 }

func sum(keys int) (total uint64) {
	for k := range keys {
		total += value(uint32(k))
	}
	return total
}

// instance returns a guest, and the questions that it will have asked.
func instance(t testing.TB) (*Guest, *questions) {
	t.Helper()
	qs := new(questions)
	g, err := code.New(context.Background(), qs.add)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close(context.Background()) })
	return g, qs
}

type questions struct {
	mu    sync.Mutex
	asked [][2]uint32
}

func (qs *questions) add(question, key uint32) {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	qs.asked = append(qs.asked, [2]uint32{question, key})
}

func (qs *questions) take() [][2]uint32 {
	qs.mu.Lock()
	defer qs.mu.Unlock()
	asked := qs.asked
	qs.asked = nil
	return asked
}

func (qs *questions) answer(t testing.TB, g *Guest) {
	for _, q := range qs.take() {
		if err := g.Answer(q[0], value(q[1])); err != nil {
			t.Error(err)
		}
	}
}

func must(t testing.TB, f *Future, err error) *Future {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// empty expects that nothing is left, on either side.
func empty(t testing.TB, g *Guest) {
	t.Helper()
	live, err := g.Live()
	if live != 0 || err != nil || g.Wakers() != 0 {
		t.Errorf("%d futures and questions are left, and %d wakers; %v", live, g.Wakers(), err)
	}
}

func run(q *rouse.RunQueue) {
	for q.RunOne() {
	}
}

func TestSum(t *testing.T) {
	g, qs := instance(t)
	var q rouse.RunQueue
	f, err := g.Sum(3)
	j := rouse.Spawn(&q, must(t, f, err))
	run(&q)
	asked := qs.take()
	if len(asked) != 3 || j.IsFinished() || g.Wakers() != 1 {
		t.Fatalf("it asks %v, and owns %d wakers", asked, g.Wakers())
	}
	for _, a := range asked {
		g.Answer(a[0], value(a[1]))
	}
	run(&q)
	if res, ready := j.TryJoin(); !ready || res.Err != nil || res.Value.Err != nil || res.Value.Value != sum(3) {
		t.Errorf("%v, %+v", ready, res)
	}
	empty(t, g)
}

// TestMany has a thousand futures, a worker that polls them, and goroutines that
// answer.
func TestMany(t *testing.T) {
	const tasks, keys, answerers = 1000, 5, 4
	ask := make(chan [2]uint32, tasks*keys)
	g, err := code.New(context.Background(), func(q, key uint32) { ask <- [2]uint32{q, key} })
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close(context.Background())

	var q rouse.RunQueue
	var parker rouse.Parker
	q.NonEmpty = parker.Unpark
	var all sync.WaitGroup
	for range answerers {
		all.Add(1)
		go func() {
			defer all.Done()
			for a := range ask {
				if err := g.Answer(a[0], value(a[1])); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	handles := make([]rouse.JoinHandle[Output], tasks)
	for i := range handles {
		f, err := g.Sum(keys)
		handles[i] = rouse.Spawn(&q, must(t, f, err))
	}
	for i := range handles {
		for !handles[i].IsFinished() {
			if !q.RunOne() {
				parker.Park()
			}
		}
		if res, _ := handles[i].TryJoin(); res.Err != nil || res.Value != (Output{Value: sum(keys)}) {
			t.Errorf("task %d: %+v", i, res)
		}
	}
	close(ask)
	all.Wait()
	empty(t, g)
}

// TestAbort: an aborted task drops its future in the guest, which gives back its waker.
func TestAbort(t *testing.T) {
	g, qs := instance(t)
	var q rouse.RunQueue
	f, err := g.Sum(3)
	j := rouse.Spawn(&q, must(t, f, err))
	run(&q)
	j.Abort()
	run(&q)
	if res, ready := j.TryJoin(); !ready || !errors.Is(res.Err, rouse.ErrAborted) {
		t.Errorf("%v, %v", ready, res.Err)
	}
	empty(t, g)
	qs.answer(t, g) // too late, and no harm
}

// TestForgetful: the kit sees that a future of the guest has dropped its only waker.
func TestForgetful(t *testing.T) {
	g, _ := instance(t)
	var q rouse.RunQueue
	f, err := g.future("new_forgetful")
	j := rouse.Spawn(&q, must(t, f, err))
	run(&q)
	if res, ready := j.TryJoin(); !ready || !errors.Is(res.Err, rouse.ErrOrphaned) {
		t.Errorf("%v, %v", ready, res.Err)
	}
	empty(t, g)
}

// TestBroken: a future that panics ends the guest. All tasks that wait for it fail.
func TestBroken(t *testing.T) {
	g, qs := instance(t)
	var q rouse.RunQueue
	f, err := g.Sum(3)
	waits := rouse.Spawn(&q, must(t, f, err))
	run(&q)
	f, err = g.future("new_broken")
	broken := rouse.Spawn(&q, must(t, f, err))
	run(&q)
	for _, j := range []*rouse.JoinHandle[Output]{&waits, &broken} {
		res, ready := j.TryJoin()
		if !ready || res.Err != nil || res.Value.Err == nil || !strings.Contains(res.Value.Err.Error(), "the guest's poll") {
			t.Errorf("%v, %+v", ready, res)
		}
	}
	if _, err := g.Sum(1); err == nil || g.Wakers() != 0 {
		t.Errorf("it goes on: %v, %d wakers", err, g.Wakers())
	}
	for _, a := range qs.take() {
		if g.Answer(a[0], 1) == nil {
			t.Error("it takes answers")
		}
	}
}

// TestClosedQueue: an answer wakes a task whose queue is closed. The task ends there
// and then, and its Drop calls the guest.
func TestClosedQueue(t *testing.T) {
	g, qs := instance(t)
	var q rouse.RunQueue
	f, err := g.Sum(1)
	j := rouse.Spawn(&q, must(t, f, err))
	run(&q)
	q.Close()
	qs.answer(t, g)
	if res, ready := j.TryJoin(); !ready || res.Err == nil {
		t.Errorf("%v, %+v", ready, res)
	}
	empty(t, g)
}

// TestClose: the tasks that wait for a guest that is closed are woken, and fail.
func TestClose(t *testing.T) {
	g, _ := instance(t)
	var q rouse.RunQueue
	f, err := g.Sum(1)
	j := rouse.Spawn(&q, must(t, f, err))
	run(&q)
	if err := g.Close(context.Background()); err != nil {
		t.Error(err)
	}
	run(&q)
	if res, ready := j.TryJoin(); !ready || res.Err != nil || res.Value.Err == nil {
		t.Errorf("%v, %+v", ready, res)
	}
}

// TestStrangeWakers: a number that the guest was not given is refused.
func TestStrangeWakers(t *testing.T) {
	var ws wakers
	w := rouse.NoopWaker()
	n := ws.put(w.Borrow())
	taken := ws.take(n)
	taken.Drop()
	for _, bad := range []uint32{0, n, n + 1} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("waker %d is taken", bad)
				}
			}()
			taken := ws.take(bad)
			taken.Drop()
		}()
	}
	if again := ws.put(w.Borrow()); again != n || ws.len() != 1 {
		t.Errorf("number %d, %d wakers", again, ws.len())
	}
}

func TestNoModule(t *testing.T) {
	if _, err := NewCode([]byte("no module")).New(context.Background(), nil); err == nil {
		t.Error("it is one")
	}
}

// BenchmarkTask is a task that waits once: its future is made, polled, answered, woken,
// polled again and dropped.
func BenchmarkTask(b *testing.B) {
	g, qs := instance(b)
	var q rouse.RunQueue
	b.ResetTimer()
	for range b.N {
		f, err := g.Sum(1)
		j := rouse.Spawn(&q, must(b, f, err))
		q.RunOne()
		qs.answer(b, g)
		q.RunOne()
		if res, ready := j.TryJoin(); !ready || res.Value.Value != sum(1) {
			b.Fatal(res, ready)
		}
	}
}

// BenchmarkCall is one call of the guest.
func BenchmarkCall(b *testing.B) {
	g, _ := instance(b)
	b.ResetTimer()
	for range b.N {
		g.Live()
	}
}
