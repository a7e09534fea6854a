package blocking

import (
	"context"
	"sync"
	"time"

	"github.com/rouse-go/rouse"
)

type source struct {
	ch   chan int
	wg   sync.WaitGroup
	j    rouse.JoinHandle[int]
	cell rouse.WakerCell
	mu   sync.Mutex
	n    int
}

type receives struct{ *source }

func (f receives) Poll(cx rouse.Context) (int, bool) {
	return <-f.ch, true // want `a poll must not block, but receives from f.ch`
}

type selects struct{ *source }

func (f selects) Poll(cx rouse.Context) (int, bool) {
	select { // want `a poll must not block, but selects without a default`
	case v := <-f.ch:
		return v, true
	case <-time.After(time.Second):
		return 0, true
	}
}

type ranges struct{ *source }

func (f ranges) Poll(cx rouse.Context) (int, bool) {
	if f.n > 0 {
		time.Sleep(time.Millisecond) // want `a poll must not block, but sleeps`
	}
	for v := range f.ch { // want `a poll must not block, but receives from f.ch`
		f.n += v
	}
	return f.n, true
}

type waits struct{ *source }

func (f waits) Poll(cx rouse.Context) (int, bool) {
	time.Sleep(time.Millisecond)           // want `a poll must not block, but sleeps`
	f.wg.Wait()                            // want `a poll must not block, but waits`
	v, _ := f.j.Join(context.Background()) // want `a poll must not block, but joins a task: poll the JoinHandle`
	return v, true
}

func (f waits) Drop() {
	f.wg.Wait() // want `the destructor of a future must not block, but waits`
}

type helped struct{ *source }

func (f helped) Poll(cx rouse.Context) (int, bool) {
	v := f.next() // want `a poll must not block, but next, called here, receives from s.ch at line \d+`
	return v, true
}

func (s *source) next() int { return <-s.ch }

var literal = rouse.FutureFunc[int](func(cx rouse.Context) (int, bool) {
	time.Sleep(time.Millisecond) // want `a poll must not block, but sleeps`
	return 0, true
})

type limited struct {
	slots chan struct{}
	q     rouse.RunQueue
}

func (l *limited) Schedule(n rouse.Notified, why rouse.Reason) {
	<-l.slots // want `a scheduler must not block, but receives from l.slots`
	l.q.Push(n)
}

func (l *limited) Yield(n rouse.Notified) { l.q.Push(n) }

// The rest is silent.

type tries struct{ *source }

func (f tries) Poll(cx rouse.Context) (int, bool) {
	select {
	case v := <-f.ch:
		return v, true
	default:
	}
	if len(f.ch) > 0 {
		return <-f.ch, true
	}
	f.mu.Lock()
	f.n++
	f.mu.Unlock()
	if res, ready := f.j.Poll(cx); ready {
		return res.Value, true
	}
	return 0, !f.cell.Register(cx.Waker())
}

// knows receives what is there.
type knows struct{ *source }

func (f knows) Poll(cx rouse.Context) (int, bool) {
	if f.n == 0 {
		return f.get(false), f.cell.Register(cx.Waker())
	}
	if f.j.IsFinished() {
		v, _ := f.j.Join(context.Background())
		return v, true
	}
	f.wg.Wait()
	return <-f.ch, true
}

func (s *source) get(wait bool) int {
	if wait {
		return <-s.ch
	}
	return 0
}

type starts struct{ *source }

func (f starts) Poll(cx rouse.Context) (int, bool) {
	w := cx.Waker().Clone()
	go func() {
		f.n = <-f.ch
		w.Wake()
	}()
	go f.next()
	time.AfterFunc(time.Second, func() { f.wg.Wait() })
	return 0, f.n > 0
}

func (s *source) wait() int { return <-s.ch }

// No destructor of a future.
func (s *source) Drop() { s.wg.Wait() }
