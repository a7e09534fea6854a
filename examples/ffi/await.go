package ffi

import "github.com/rouse-go/rouse"

// Await polls f on the calling goroutine, which sleeps on a channel between the
// polls, and drops f. So do most bindings of async Rust: each call has a goroutine
// and a channel. Await is here to be compared with.
func Await(f *Future) int64 {
	defer f.Drop()
	woken := make(chan struct{}, 1)
	w := rouse.ChanWaker(woken)
	defer w.Drop()
	for {
		if out, ready := f.Poll(rouse.NewContext(w.Borrow())); ready {
			return out
		}
		<-woken
	}
}
