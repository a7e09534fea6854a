// Package rouse has the part of the kit's API that the analyzers know by name,
// without behaviour.
package rouse

import (
	"context"
	"sync/atomic"
	"unsafe"
)

type State struct{ _ [0]atomic.Uint64 }

func (s *State) Notify() bool  { return false }
func (s *State) Begin() bool   { return false }
func (s *State) End() bool     { return false }
func (s *State) Yield() bool   { return false }
func (s *State) Resume() bool  { return false }
func (s *State) Suspend() bool { return false }
func (s *State) Open() bool    { return false }

func (s *State) TryNotify() (start, ok bool) { return }

func (s *State) Close() bool    { return false }
func (s *State) Finish() bool   { return false }
func (s *State) Load() Snapshot { return 0 }

type Snapshot uint64

func (s Snapshot) Complete() bool { return false }

type Header struct{ _ [0]atomic.Uint64 }

func (h *Header) WakerRef() WakerRef { return WakerRef{} }
func (h *Header) Wake()              {}
func (h *Header) Abort() bool        { return false }
func (h *Header) Close() bool        { return false }
func (h *Header) Disown()            {}
func (h *Header) ID() ID             { return 0 }

type OwnedTasks struct{ _ [0]atomic.Uint64 }

func (o *OwnedTasks) Bind(h *Header) bool  { return false }
func (o *OwnedTasks) CloseAndShutdownAll() {}

type Ops[T any] struct {
	Poll     func(*T, Context) bool
	Cancel   func(*T, Cause)
	Schedule func(*T, Notified, Reason)
	Yield    func(*T, Notified)
	Release  func(*T)
}

type Cause uint8

type Vtable[T any] struct{ _ [0]atomic.Uint64 }

func NewVtable[T any](o Ops[T]) *Vtable[T] { return nil }

func (v *Vtable[T]) Init(t *T)                                             {}
func (v *Vtable[T]) InitNotified(t *T) Notified                            { return Notified{} }
func (v *Vtable[T]) InitBound(t *T, o *OwnedTasks) (n Notified, open bool) { return n, false }

type Notified struct{ h *Header }

func (n Notified) Run()               {}
func (n Notified) Drop()              {}
func (n Notified) IsZero() bool       { return n.h == nil }
func (n Notified) Task() RawTask      { return RawTask{n.h} }
func (n Notified) Next() Notified     { return n }
func (n Notified) SetNext(m Notified) {}

type ID uint64

type RawTask struct{ h *Header }

func (t RawTask) ID() ID          { return 0 }
func (t RawTask) Header() *Header { return t.h }
func (t RawTask) Shutdown()       {}

type Reason uint8

const Yielded Reason = 2

type Context struct{ w WakerRef }

func NewContext(w WakerRef) Context { return Context{w} }
func (cx Context) Waker() WakerRef  { return cx.w }

type Waker struct {
	_   [0]atomic.Uint64
	raw RawWaker
}

func (w *Waker) Clone() Waker             { return Waker{} }
func (w *Waker) Wake()                    {}
func (w *Waker) WakeByRef()               {}
func (w *Waker) Drop()                    {}
func (w *Waker) Move() Waker              { return Waker{} }
func (w *Waker) Borrow() WakerRef         { return WakerRef{w.raw} }
func (w *Waker) WillWake(r WakerRef) bool { return false }
func (w *Waker) CloneFrom(r WakerRef)     {}
func (w *Waker) IsZero() bool             { return false }
func (w *Waker) IntoRaw() RawWaker        { return w.raw }

type WakerRef struct{ raw RawWaker }

func (r WakerRef) Clone() Waker             { return Waker{raw: r.raw} }
func (r WakerRef) WakeByRef()               {}
func (r WakerRef) WillWake(o WakerRef) bool { return false }
func (r WakerRef) IsZero() bool             { return false }
func (r WakerRef) Raw() RawWaker            { return r.raw }

type RawWakerVTable struct{ Drop func(unsafe.Pointer) }

type RawWaker struct {
	Data   unsafe.Pointer
	VTable *RawWakerVTable
}

func WakerFromRaw(r RawWaker) Waker      { return Waker{raw: r} }
func FuncWaker(f func()) Waker           { return Waker{} }
func ChanWaker(ch chan<- struct{}) Waker { return Waker{} }
func NoopWaker() Waker                   { return Waker{} }

type RunQueue struct{ _ int }

func (q *RunQueue) Push(n Notified) bool  { return false }
func (q *RunQueue) Pop() (Notified, bool) { return Notified{}, false }

type LocalQueue struct{ _ int }

func (q *LocalQueue) Push(n Notified)       {}
func (q *LocalQueue) Pop() (Notified, bool) { return Notified{}, false }

type WakerCell struct{ _ [0]atomic.Uint64 }

func (c *WakerCell) Register(r WakerRef) bool { return true }
func (c *WakerCell) Wake()                    {}
func (c *WakerCell) Close()                   {}
func (c *WakerCell) Take() (Waker, bool)      { return Waker{}, false }

type WaitQueue struct{ _ [0]atomic.Uint64 }

func (q *WaitQueue) Wait(cx Context, w *Waiter) (notified, ready bool) { return false, false }

type Waiter struct{ _ [0]atomic.Uint64 }

func (w *Waiter) Drop() {}

type Future[T any] interface{ Poll(cx Context) (T, bool) }

func Ready[T any](v T) FutureFunc[T] { return nil }

type FutureFunc[T any] func(Context) (T, bool)

func (f FutureFunc[T]) Poll(cx Context) (T, bool) { return f(cx) }

type Scheduler interface {
	Schedule(n Notified, why Reason)
	Yield(n Notified)
}

type ScheduleFunc func(Notified, Reason)

func (f ScheduleFunc) Schedule(n Notified, why Reason) { f(n, why) }
func (f ScheduleFunc) Yield(n Notified)                { f(n, 0) }

type Options struct {
	Owned         *OwnedTasks
	Name          string
	NoOrphanCheck bool
}

func Spawn[T any, F Future[T]](s Scheduler, f F) JoinHandle[T]                { return JoinHandle[T]{} }
func SpawnWith[T any, F Future[T]](s Scheduler, f F, o Options) JoinHandle[T] { return JoinHandle[T]{} }
func SpawnDetached[T any, F Future[T]](s Scheduler, f F)                      {}

type Pool[T any, F Future[T]] struct{ _ int }

func (p *Pool[T, F]) Spawn(s Scheduler, f F) JoinHandle[T] { return JoinHandle[T]{} }
func (p *Pool[T, F]) SpawnDetached(s Scheduler, f F)       {}

type Result[T any] struct {
	Value T
	Err   error
}

type JoinHandle[T any] struct{ _ int }

func (j *JoinHandle[T]) Poll(cx Context) (Result[T], bool)         { return Result[T]{}, false }
func (j *JoinHandle[T]) Join(ctx context.Context) (v T, err error) { return v, err }
func (j *JoinHandle[T]) TryJoin() (Result[T], bool)                { return Result[T]{}, false }
func (j *JoinHandle[T]) Detach()                                   {}
func (j *JoinHandle[T]) Abort() bool                               { return false }
func (j *JoinHandle[T]) IsFinished() bool                          { return false }
func (j *JoinHandle[T]) IsZero() bool                              { return false }
