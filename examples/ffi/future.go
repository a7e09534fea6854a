// Package ffi drives async functions of Rust from Go, and futures of Go from Rust.
//
// A Future is an async function of Rust that Go polls: spawn it on any Scheduler.
// What it waits for wakes it from a thread of Rust, through a waker of rouse. If
// the task is aborted, the future is dropped in Rust. Run is the other way round:
// an executor of Rust polls futures of Go.
//
// The package needs cgo and the library in rust/: make ffi builds it.
package ffi

/*
#cgo LDFLAGS: -L${SRCDIR}/rust/target/release -lfutures_for_go -lpthread -ldl -lm
#include "rust.h"
*/
import "C"

import (
	"runtime/cgo"
	"time"

	"github.com/rouse-go/rouse"
)

func init() { C.init_rust() }

// A Future is a future of Rust. It is a rouse.Future[int64]. The caller of Sleep
// or Sum owns it, and hands it to Spawn, or calls Drop. It must not be copied, and
// it is not safe for concurrent use.
type Future struct {
	task  *C.rust_task
	waker handle // that Rust was given last
}

// Sleep returns a future that is ready after d, with the number of microseconds.
func Sleep(d time.Duration) *Future {
	return &Future{task: C.rust_sleep(C.uint64_t(d.Microseconds()))}
}

// Sum returns a future that adds the numbers below n, and yields after each.
func Sum(n int64) *Future { return &Future{task: C.rust_sum(C.int64_t(n))} }

// Never returns a future that is never ready.
func Never() *Future { return &Future{task: C.rust_never()} }

// Live returns the number of futures that exist in Rust.
func Live() int { return int(C.rust_live()) }

// Poll polls the future. Rust borrows the waker, and clones it to keep it.
func (f *Future) Poll(cx rouse.Context) (output int64, ready bool) {
	if !f.waker.is(cx.Waker()) {
		f.waker.drop()
		f.waker = newHandle(cx.Waker())
	}
	var out C.int64_t
	ready = bool(C.rust_poll(f.task, C.uintptr_t(f.waker), &out))
	return int64(out), ready
}

// Drop drops the future in Rust. A task calls it when it ends.
func (f *Future) Drop() {
	C.rust_drop(f.task)
	f.waker.drop()
	*f = Future{}
}

// A handle is a waker in the hands of Rust: a number, since C must not keep a
// pointer of Go. The zero handle is none.
type handle cgo.Handle

// newHandle makes a handle of a clone of r.
func newHandle(r rouse.WakerRef) handle {
	handles.Add(1)
	w := r.Clone()
	return handle(cgo.NewHandle(&w))
}

func (h handle) waker() *rouse.Waker { return cgo.Handle(h).Value().(*rouse.Waker) }

// is reports whether h wakes what r wakes.
func (h handle) is(r rouse.WakerRef) bool { return h != 0 && h.waker().WillWake(r) }

func (h handle) take() *rouse.Waker {
	w := h.waker()
	cgo.Handle(h).Delete()
	handles.Add(-1)
	return w
}

func (h handle) drop() {
	if h != 0 {
		h.take().Drop()
	}
}
