//go:build rouse_trace

package trace

import (
	"bytes"
	"context"
	"runtime/trace"
	"sync"
	"testing"

	"github.com/rouse-go/rouse"
)

// pool is a scheduler of two goroutines.
type pool struct {
	queue chan rouse.Notified
	wg    sync.WaitGroup
}

func newPool() *pool {
	p := &pool{queue: make(chan rouse.Notified, 1000)}
	for range 2 {
		p.wg.Add(1)
		go func() {
			defer p.wg.Done()
			for n := range p.queue {
				n.Run()
			}
		}()
	}
	return p
}

func (p *pool) Schedule(n rouse.Notified, _ rouse.Reason) { p.queue <- n }
func (p *pool) Yield(n rouse.Notified)                    { p.queue <- n }

// Tasks that run at once, and wake each other, make a timeline and an execution
// trace that are whole.
func TestRun(t *testing.T) {
	var file, exec bytes.Buffer
	if err := trace.Start(&exec); err != nil {
		t.Fatal(err)
	}
	defer trace.Stop()
	var r Runtime
	tl := NewTimeline(&file)
	if !rouse.SetTracer(Tee{tl, &r}) {
		t.Fatal("tracing is not built in")
	}
	defer rouse.SetTracer(nil)

	p := newPool()
	var owned rouse.OwnedTasks
	const pairs, turns = 20, 50
	var ends []rouse.JoinHandle[int]
	for range pairs {
		var cell [2]rouse.WakerCell
		for i := range 2 {
			n := 0
			ends = append(ends, rouse.SpawnWith(p, rouse.FutureFunc[int](func(cx rouse.Context) (int, bool) {
				cell[i].Register(cx.Waker())
				cell[1-i].Wake()
				if n++; n < turns {
					cx.Waker().WakeByRef()
					return 0, false
				}
				cell[i].Close() // nobody waits any more
				return n, true
			}), rouse.Options{Owned: &owned, Name: "player"}))
		}
	}
	for i := range ends {
		if n, err := ends[i].Join(context.Background()); n != turns || err != nil {
			t.Error(n, err)
		}
	}
	close(p.queue)
	p.wg.Wait()
	rouse.SetTracer(nil)
	trace.Stop()
	if err := tl.Close(); err != nil {
		t.Fatal(err)
	}
	got := parse(t, file.Bytes())
	if n := got.count("B", "poll"); n < pairs*2*turns {
		t.Errorf("%d polls", n)
	}
	if n := got.count("i", "complete"); n != pairs*2 {
		t.Errorf("%d ends", n)
	}
	if !bytes.Contains(exec.Bytes(), []byte("player")) || len(r.tasks) > 0 || len(tl.tasks) > 0 {
		t.Errorf("%d and %d entries are left", len(r.tasks), len(tl.tasks))
	}
}
