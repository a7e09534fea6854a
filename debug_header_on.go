//go:build rouse_debug

package rouse

import (
	"runtime"
	"strings"
	"sync"
	"weak"
)

// noted are the lives of tasks of level 1 by their Headers, so that an
// assignment to the whole struct, which clears the Header, is found out. A weak
// pointer tells the Header from a later one at the same address.
var noted struct {
	sync.Mutex
	lives map[weak.Pointer[Header]]*record
}

// weakToGlobals is whether weak.Make accepts the address of a variable of a
// package: not before Go 1.25. Without that nothing is noted.
var weakToGlobals = !strings.HasPrefix(runtime.Version(), "go1.24")

// settle notes that life is that of the task of level 1 in h.
func (h *Header) settle(life *record) {
	if !weakToGlobals || h.vtable.isCell {
		return
	}
	p := weak.Make(h)
	noted.Lock()
	defer noted.Unlock()
	if _, known := noted.lives[p]; !known {
		if noted.lives == nil {
			noted.lives = map[weak.Pointer[Header]]*record{}
		}
		runtime.AddCleanup(h, forgetTenant, p)
	}
	noted.lives[p] = life
}

func forgetTenant(p weak.Pointer[Header]) {
	noted.Lock()
	defer noted.Unlock()
	delete(noted.lives, p)
}

// intact panics if h is a copy of a task's Header, or was overwritten since it
// became a task.
func (h *Header) intact(op string) {
	life := h.life.Load()
	switch {
	case life != nil && life.task != h:
		life.record.misplaced(op, "the Header is a copy: its task stays at the address where it was initialised, and all wakers, queues and lists know that one; "+
			"use a slice of pointers, or one that does not grow")
	case life == nil && h.vtable == nil && weakToGlobals:
		noted.Lock()
		r := noted.lives[weak.Make(h)]
		noted.Unlock()
		if r != nil {
			r.misplaced(op, "the Header was overwritten, by an assignment to the whole struct, since it became a task; another goroutine may still look at its word; "+
				"reset the other fields, and make it a task again by its Vtable alone")
		}
	}
}

// misplaced panics with what became of the Header of the task whose life r is.
func (r *record) misplaced(op, what string) {
	msg := "rouse: " + op + ": " + what + "\n\nborn at:\n" + r.born.String()
	if e := r.ended.Load(); e != nil {
		msg += "ended, by " + e.op + ", at:\n" + e.stack.String()
	}
	panic(msg)
}

// A Notified that is pushed while a queue has it, or that is run or dropped there,
// is told by name, before anything is written.

func (n Notified) enters(op string) {
	if n.h == nil {
		panic("rouse: " + op + ": the Notified is zero")
	}
	if h := n.spend.handle; h != nil {
		h.check(op)
		if !h.queue.CompareAndSwap(nil, &endOfLife{op: op, stack: callers()}) {
			h.isQueued(op)
		}
	}
}

func (n Notified) leaves() {
	if h := n.spend.handle; h != nil {
		h.queue.Store(nil)
	}
}

// isQueued panics if the handle of a Notified is in a queue. The task's word is as
// it was: the queue still has the Notified, and may hand it out.
func (h *handle) isQueued(op string) {
	if in := h.queue.Load(); in != nil {
		panic("rouse: " + op + ": the Notified is in a queue, since " + in.op + h.state() +
			"\n\nborn at:\n" + h.record.born.String() + "queued at:\n" + in.stack.String())
	}
}
