package notes

import "github.com/rouse-go/rouse"

// Keep stores the waker.
//
//wakervet:takes w
func Keep(n int, w *rouse.Waker) { w.Drop() } // want Keep:`takes 10 borrows 0`

// Log prints the task.
//
//wakervet:borrows w n
func Log(w *rouse.Waker, n rouse.Notified) {} // want Log:`takes 0 borrows 11`

// A Slot keeps wakers.
type Slot interface {
	// Put stores what w has.
	//wakervet:takes w
	Put(w *rouse.Waker) // want Put:`takes 1 borrows 0`
}

// Retain keeps the WakerRef: the caller owns the header.
//
//wakervet:takes r
func (l *List) Retain(r rouse.WakerRef) { l.refs = append(l.refs, r) } // want Retain:`takes 1 borrows 0`

type List struct{ refs []rouse.WakerRef }

/* want `wakervet:takes: wrong has no parameter x` */ //wakervet:takes x
func wrong(w *rouse.Waker)                            {}

/* want `wakervet:borrows names no parameter` */ //wakervet:borrows
func none(w *rouse.Waker)                        {}

//wakervet:takes w
/* want `wakervet:borrows: both both takes and borrows w` */ //wakervet:borrows w
func both(w *rouse.Waker)                                    {} // want both:`takes 1 borrows 1`

func inside(w *rouse.Waker) {
	/* want `wakervet:takes must stand in the doc comment` */ //wakervet:takes w
	w.Drop()
	/* want `unknown annotation wakervet:keeps` */ //wakervet:keeps w
	/* want `wakervet:allow needs a check and a reason` */ //wakervet:allow wakerleak
	/* want `wakervet:allow: unknown check nosuch` */ //wakervet:allow nosuch for a reason
}
