package ffi

// #include "rust.h"
import "C"

import (
	"sync/atomic"
	"unsafe"

	"github.com/rouse-go/rouse"
)

// handles is how many wakers Rust has, and those that futures lend it.
var handles atomic.Int64

// Handles returns the number of wakers of Go that Rust can reach.
func Handles() int { return int(handles.Load()) }

// The four operations of a waker, for RawWakerVTable of Rust. Any thread may call
// them, and inside a poll too: a waker of rouse allows that.

//export goWakerClone
func goWakerClone(h C.uintptr_t) C.uintptr_t {
	return C.uintptr_t(newHandle(handle(h).waker().Borrow()))
}

//export goWakerWake
func goWakerWake(h C.uintptr_t) { handle(h).take().Wake() }

//export goWakerWakeByRef
func goWakerWakeByRef(h C.uintptr_t) { handle(h).waker().WakeByRef() }

//export goWakerDrop
func goWakerDrop(h C.uintptr_t) { handle(h).drop() }

// rustWakers is the table of wakers of Rust. Their data is memory of Rust.
var rustWakers = new(rouse.RawWakerVTable)

func init() {
	*rustWakers = rouse.RawWakerVTable{
		Clone: func(p unsafe.Pointer) rouse.RawWaker {
			return rouse.RawWaker{Data: unsafe.Pointer(C.rust_waker_clone((*C.rust_waker)(p))), VTable: rustWakers}
		},
		Wake:      func(p unsafe.Pointer) { C.rust_waker_wake((*C.rust_waker)(p)) },
		WakeByRef: func(p unsafe.Pointer) { C.rust_waker_wake_by_ref((*C.rust_waker)(p)) },
		Drop:      func(p unsafe.Pointer) { C.rust_waker_drop((*C.rust_waker)(p)) },
	}
}
