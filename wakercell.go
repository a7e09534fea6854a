package rouse

// A WakerCell is where one task waits for an event that any goroutine may
// signal. The zero value is ready to use. It must not be copied. It is safe for
// concurrent use by multiple goroutines.
//
// The task calls Register first and looks for the event afterwards; WaitUntil
// does both. Whoever signals makes the event true first and calls Wake afterwards.
// Then no wake is lost, and what was written before Wake is visible to a Register
// that finds the cell woken.
//
// It is the place of one task, which may be handed to another task. A task that
// registers takes the place of the one that waits, which is woken to see that it
// lost it. So two tasks that both insist wake each other for ever: no wake is lost,
// and neither rests. The debug build panics in Register when it sees that. Use a
// WaitQueue where several tasks wait.
//
// The idea is futures-rs's AtomicWaker. Here it is one pointer: a waker is a
// word, so that registering and waking are one CAS each, and no lock is held
// while user code runs.
type WakerCell struct {
	_ noCopy
	// waiting is nil, &closed, or a waker that the cell owns.
	waiting pointer[slot]
}

// closed stands in a closed WakerCell. It is never written.
var closed slot

// Register keeps a Clone of r, to be woken by the next Wake, and reports
// whether the cell is open. If another task waited there it is woken. Cost: two
// atomic operations; none if this task is registered already.
func (c *WakerCell) Register(r WakerRef) bool {
	old := c.waiting.Load()
	if old == &closed {
		return false
	}
	// What waits may be woken and gone by now: its address is compared, and
	// nothing is read of it before the CAS has made it ours.
	if waitsIn(old, r) {
		return true
	}
	fresh := r.Clone()
	s := toSlot(&fresh)
	if debugging {
		contends(s, old, r)
	}
	for !c.waiting.CompareAndSwap(old, s) {
		if old = c.waiting.Load(); old == &closed {
			w := fromSlot(s)
			w.Drop()
			return false
		}
		if debugging {
			contends(s, old, r)
		}
	}
	if old != nil {
		displace(old, r)
	}
	if debugging {
		contended(s)
	}
	return true
}

// displace wakes who lost its place to r, unless it is the same: a task that
// registers in each of its polls would never come to rest.
func displace(old *slot, r WakerRef) {
	w := fromSlot(old)
	if w.WillWake(r) || sameWaker(w.p, r.p) {
		w.Drop()
		return
	}
	w.Wake()
}

// WaitUntil polls for cond. It returns ready if cond holds, or if the cell is
// closed and cond does not hold, and says whether it holds; the task waits here no
// longer then. Otherwise the task waits, as after Register. WaitUntil looks at cond
// before it registers, and once more after, so that a Wake that follows what makes
// cond true is never missed. Cost: that of cond, and a load, if cond holds at once;
// else that of Register, and one atomic operation more if it holds after that.
func (c *WakerCell) WaitUntil(cx Context, cond func() bool) (holds, ready bool) {
	open := true
	if !cond() {
		open = c.Register(cx.Waker())
		if !cond() {
			return false, !open
		}
	}
	if open {
		c.withdraw(cx.Waker())
	}
	return true, true
}

// withdraw removes the waker of the task that polls, if it is there.
func (c *WakerCell) withdraw(r WakerRef) {
	if old := c.waiting.Load(); waitsIn(old, r) && c.waiting.CompareAndSwap(old, nil) {
		w := fromSlot(old)
		w.Drop()
	}
}

// Wake wakes the task that waits, if there is one. Cost: one atomic operation;
// two if a task waits; none if the cell is closed.
func (c *WakerCell) Wake() {
	if w, ok := c.Take(); ok {
		w.Wake()
	}
}

// Take removes and returns the waker of the task that waits, if there is one.
// The caller owns it. Cost: one atomic operation; none if the cell is closed.
func (c *WakerCell) Take() (w Waker, ok bool) {
	for {
		switch old := c.waiting.Load(); old {
		case &closed:
			return
		case nil: // the CAS publishes what was written before it
			if casNil(&c.waiting) {
				return
			}
		default:
			if c.waiting.CompareAndSwap(old, nil) {
				return fromSlot(old), true
			}
		}
	}
}

// Close wakes the task that waits, and refuses all others from now on. Cost: one
// atomic operation; two if a task waits.
func (c *WakerCell) Close() {
	if old := c.waiting.Swap(&closed); old != nil && old != &closed {
		w := fromSlot(old)
		w.Wake()
	}
}
