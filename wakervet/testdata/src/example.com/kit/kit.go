// Package kit is a copy of the kit under another import path, of the form in which a
// Header initialises itself.
package kit

import "sync/atomic"

type State struct{ _ [0]atomic.Uint64 }

func (s *State) Notify() bool { return false }
func (s *State) Begin() bool  { return false }
func (s *State) End() bool    { return false }

type Header struct {
	_ [0]atomic.Uint64
	_ *Vtable
}

func (h *Header) Init(v *Vtable)                  {}
func (h *Header) InitNotified(v *Vtable) Notified { return Notified{h} }
func (h *Header) Wake()                           {}

func (h *Header) InitBound(v *Vtable, o *OwnedTasks) (Notified, bool) { return Notified{}, false }

type OwnedTasks struct{ _ [0]atomic.Uint64 }

type Vtable struct {
	Poll     func(h *Header, cx Context) (ready bool)
	Schedule func(n Notified, why Reason)
	Yield    func(n Notified)
}

type Notified struct{ h *Header }

func (n Notified) Run()  {}
func (n Notified) Drop() {}

type Reason uint8

type Context struct{ w WakerRef }

func (cx Context) Waker() WakerRef { return cx.w }

type Waker struct{ _ [0]atomic.Uint64 }

func (w *Waker) Wake() {}
func (w *Waker) Drop() {}

type WakerRef struct{ _ int }

func (r WakerRef) Clone() Waker { return Waker{} }

type RawWakerVTable struct{ Drop func() }

type RunQueue struct{ _ int }

func (q *RunQueue) Push(n Notified) bool  { return false }
func (q *RunQueue) Pop() (Notified, bool) { return Notified{}, false }
