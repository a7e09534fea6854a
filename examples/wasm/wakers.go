package wasm

import (
	"fmt"

	"github.com/rouse-go/rouse"
)

// wakers are those that a module owns. It knows them by numbers, so it can wake only
// what it was given. 0 is no waker.
type wakers struct {
	owned []rouse.Waker // at its number less 1; zero where there is none
	free  []uint32
}

// put clones a waker, and returns the number of the clone.
func (ws *wakers) put(r rouse.WakerRef) uint32 {
	if last := len(ws.free) - 1; last >= 0 {
		w := ws.free[last]
		ws.free = ws.free[:last]
		ws.owned[w-1] = r.Clone()
		return w
	}
	ws.owned = append(ws.owned, r.Clone())
	return uint32(len(ws.owned))
}

// take returns a waker that the module gives back. If the module does not own it,
// take panics, and the call of the module fails with that.
func (ws *wakers) take(w uint32) rouse.Waker {
	if w == 0 || int(w) > len(ws.owned) || ws.owned[w-1].IsZero() {
		panic(fmt.Sprintf("the guest does not own waker %d", w))
	}
	ws.free = append(ws.free, w)
	return ws.owned[w-1].Move()
}

func (ws *wakers) len() int { return len(ws.owned) - len(ws.free) }

// names returns the numbers of all wakers.
func (ws *wakers) names() (ns []uint32) {
	for i := range ws.owned {
		if !ws.owned[i].IsZero() {
			ns = append(ns, uint32(i+1))
		}
	}
	return ns
}
