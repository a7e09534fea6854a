package ffi

// #include "rust.h"
import "C"

import (
	"runtime/cgo"
	"unsafe"

	"github.com/rouse-go/rouse"
)

// Run polls futures of Go on an executor of Rust, on the calling goroutine's
// thread, until all are ready, and returns the sum of their outputs. It drops
// those that have a method Drop().
func Run(futures ...rouse.Future[int64]) int64 {
	if len(futures) == 0 {
		return 0
	}
	numbers := make([]C.uintptr_t, len(futures))
	for i, f := range futures {
		numbers[i] = C.uintptr_t(cgo.NewHandle(f))
	}
	return int64(C.rust_run(&numbers[0], C.size_t(len(numbers))))
}

//export goFuturePoll
func goFuturePoll(future C.uintptr_t, waker *C.rust_waker, output *C.int64_t) C.bool {
	w := rouse.WakerFromRaw(rouse.RawWaker{Data: unsafe.Pointer(waker), VTable: rustWakers})
	defer w.Drop()
	out, ready := cgo.Handle(future).Value().(rouse.Future[int64]).Poll(rouse.NewContext(w.Borrow()))
	*output = C.int64_t(out)
	return C.bool(ready)
}

//export goFutureForget
func goFutureForget(future C.uintptr_t) {
	h := cgo.Handle(future)
	if d, ok := h.Value().(interface{ Drop() }); ok {
		d.Drop()
	}
	h.Delete()
}
