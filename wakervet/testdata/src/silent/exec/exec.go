// Package exec is an async runtime, with nothing for the checks to report.
package exec

import (
	"context"
	"errors"
	"log"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rouse-go/rouse"
)

type Executor struct {
	mu     sync.Mutex
	cond   sync.Cond
	q      rouse.LocalQueue
	closed bool
	tasks  rouse.OwnedTasks
	wg     sync.WaitGroup
	timers []*Sleep
	sem    chan struct{}
}

func New(n int) *Executor {
	e := &Executor{sem: make(chan struct{}, n)}
	e.cond.L = &e.mu
	for range n {
		e.wg.Add(1)
		go e.worker()
	}
	return e
}

func (e *Executor) Schedule(n rouse.Notified, _ rouse.Reason) {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		n.Drop()
		return
	}
	e.q.Push(n)
	e.mu.Unlock()
	e.cond.Signal()
}

func (e *Executor) Yield(n rouse.Notified) { e.Schedule(n, rouse.Yielded) }

func (e *Executor) worker() {
	defer e.wg.Done()
	for {
		n, ok := e.next()
		if !ok {
			return
		}
		e.run(n)
	}
}

func (e *Executor) next() (rouse.Notified, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for {
		if n, ok := e.q.Pop(); ok {
			return n, true
		}
		if e.closed {
			return rouse.Notified{}, false
		}
		e.cond.Wait()
	}
}

func (e *Executor) run(n rouse.Notified) {
	defer func() {
		if v := recover(); v != nil {
			log.Print(v)
		}
	}()
	n.Run()
}

func (e *Executor) Close() {
	e.tasks.CloseAndShutdownAll()
	e.mu.Lock()
	e.closed = true
	var rest []rouse.Notified
	for n, ok := e.q.Pop(); ok; n, ok = e.q.Pop() {
		rest = append(rest, n)
	}
	e.mu.Unlock()
	e.cond.Broadcast()
	for _, n := range rest {
		n.Drop()
	}
	e.wg.Wait()
}

func (e *Executor) expire(now time.Time) {
	e.mu.Lock()
	for len(e.timers) > 0 {
		t := e.timers[0]
		e.timers = e.timers[1:]
		e.mu.Unlock()
		t.fire()
		e.mu.Lock()
	}
	e.mu.Unlock()
}

func Go[T any, F rouse.Future[T]](e *Executor, name string, f F) rouse.JoinHandle[T] {
	return rouse.SpawnWith[T](e, f, rouse.Options{Owned: &e.tasks, Name: name})
}

func GoDetached[T any, F rouse.Future[T]](e *Executor, f F) {
	j := Go[T](e, "", f)
	j.Detach()
}

// BlockOn polls on the calling goroutine.
func BlockOn[T any](ctx context.Context, f rouse.Future[T]) (T, error) {
	ch := make(chan struct{}, 1)
	w := rouse.ChanWaker(ch)
	defer w.Drop()
	for {
		if v, ok := f.Poll(rouse.NewContext(w.Borrow())); ok {
			return v, nil
		}
		select {
		case <-ch:
		case <-ctx.Done():
			var zero T
			return zero, ctx.Err()
		}
	}
}

type Sleep struct {
	d     time.Duration
	timer *time.Timer
	fired atomic.Bool
	cell  rouse.WakerCell
}

func (s *Sleep) Poll(cx rouse.Context) (struct{}, bool) {
	if s.fired.Load() {
		return struct{}{}, true
	}
	s.cell.Register(cx.Waker())
	if s.timer == nil {
		s.timer = time.AfterFunc(s.d, s.fire)
	}
	return struct{}{}, s.fired.Load()
}

func (s *Sleep) fire() {
	s.fired.Store(true)
	s.cell.Wake()
}

func (s *Sleep) Drop() {
	if s.timer != nil {
		s.timer.Stop()
	}
	s.cell.Close()
}

type Result[T any] struct {
	V   T
	Err error
}

type timeout[T any, F rouse.Future[T]] struct {
	f    F
	s    *Sleep
	done bool
}

var ErrTimeout = errors.New("timeout")

func Timeout[T any, F rouse.Future[T]](f F, d time.Duration) rouse.Future[Result[T]] {
	return &timeout[T, F]{f: f, s: &Sleep{d: d}}
}

func (t *timeout[T, F]) Poll(cx rouse.Context) (r Result[T], ok bool) {
	if v, ok := t.f.Poll(cx); ok {
		t.done = true
		return Result[T]{V: v}, true
	}
	if _, ok := t.s.Poll(cx); ok {
		return Result[T]{Err: ErrTimeout}, true
	}
	return r, false
}

func (t *timeout[T, F]) Drop() {
	t.s.Drop()
	var v any = t.f
	if d, ok := v.(interface{ Drop() }); ok {
		d.Drop()
	}
}

type joinAll[T any] struct {
	js  []rouse.JoinHandle[T]
	out []T
	err error
}

func (a *joinAll[T]) Poll(cx rouse.Context) ([]T, bool) {
	pending := 0
	for i := range a.js {
		if a.js[i].IsZero() {
			continue
		}
		res, ok := a.js[i].Poll(cx)
		if !ok {
			pending++
			continue
		}
		a.out[i] = res.Value
	}
	return a.out, pending == 0
}

type Chan[T any] struct {
	mu      sync.Mutex
	buf     []T
	cap     int
	closed  bool
	senders []*sendFuture[T]
	recv    rouse.Waker
}

type sendFuture[T any] struct {
	c      *Chan[T]
	v      T
	w      rouse.Waker
	queued bool
	sent   bool
}

func (s *sendFuture[T]) Poll(cx rouse.Context) (bool, bool) {
	c := s.c
	c.mu.Lock()
	if s.sent || c.closed {
		c.mu.Unlock()
		return s.sent, true
	}
	if len(c.buf) < c.cap {
		c.buf = append(c.buf, s.v)
		w := c.recv.Move()
		c.mu.Unlock()
		if !w.IsZero() {
			w.Wake()
		}
		return true, true
	}
	if !s.queued {
		s.queued = true
		c.senders = append(c.senders, s)
	}
	s.w.CloneFrom(cx.Waker())
	c.mu.Unlock()
	return false, false
}

func (s *sendFuture[T]) Drop() {
	s.c.mu.Lock()
	w := s.w.Move()
	s.c.mu.Unlock()
	if !w.IsZero() {
		w.Drop()
	}
}

func (c *Chan[T]) Close() {
	c.mu.Lock()
	c.closed = true
	all := c.senders
	c.senders = nil
	var ws []rouse.Waker
	for _, s := range all {
		ws = append(ws, s.w.Move())
	}
	c.mu.Unlock()
	for i := range ws {
		if !ws[i].IsZero() {
			ws[i].Wake()
		}
	}
}

type offload struct {
	started bool
	ch      chan int
	done    atomic.Bool
	w       rouse.Waker
}

func (o *offload) Poll(cx rouse.Context) (int, bool) {
	if !o.started {
		o.started = true
		w := cx.Waker().Clone()
		go func() {
			time.Sleep(time.Millisecond)
			o.ch <- 1
			o.done.Store(true)
			w.Wake()
		}()
		return 0, false
	}
	if !o.done.Load() {
		return 0, false
	}
	return <-o.ch, true
}

type machine struct {
	state int
	w     rouse.Waker
	inner *Sleep
}

func (m *machine) Poll(cx rouse.Context) (int, bool) {
	switch m.state {
	case 0:
		m.w = cx.Waker().Clone()
		m.state = 1
		return 0, false
	case 1:
		m.inner = &Sleep{d: time.Second}
		m.state = 2
		fallthrough
	default:
		_, ok := m.inner.Poll(cx)
		return 1, ok
	}
}

func (m *machine) Drop() {
	m.w.Drop()
	if m.inner != nil {
		m.inner.Drop()
	}
}
