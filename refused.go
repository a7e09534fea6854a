package rouse

// refused cancels tasks whose Notified was dropped. A destructor may wake
// another task of a closed scheduler, whose Notified is dropped in turn; so
// that the stack stays flat, whoever finds the list idle drains what others
// add meanwhile.
//
// head is nil while idle, else a stack that ends in &draining. The tasks on it
// are RUNNING, by the Notified that was dropped, which makes their links the
// list's. Taking all at once leaves no room for ABA.
type refused struct{ head pointer[Header] }

// draining ends the stack of a list that is being drained. It is never written.
var draining Header

func (r *refused) cancel(h *Header) {
	h.state.Pin() // for untaken
	for {
		old := r.head.Load()
		if old == nil {
			if r.head.CompareAndSwap(nil, &draining) {
				d := drainer{list: r}
				d.cancel(h)
				d.drain()
				return
			}
			continue
		}
		h.setLink(old)
		if r.head.CompareAndSwap(old, h) {
			return
		}
	}
}

type drainer struct {
	list  *refused
	batch *Header
	raise raised
}

func (d *drainer) drain() {
	for h := d.next(); h != nil; h = d.next() {
		d.cancel(h)
	}
	d.raise.out()
}

// next returns the next task, or nil once the list is idle.
func (d *drainer) next() *Header {
	for d.batch == nil || d.batch == &draining {
		if d.list.head.CompareAndSwap(&draining, nil) {
			return nil
		}
		d.batch = d.list.head.Swap(&draining)
	}
	h := d.batch
	d.batch = h.link()
	return h
}

// cancel keeps what a destructor raises until the list is idle. A Goexit
// cannot be kept: the rest is drained on the way out.
func (d *drainer) cancel(h *Header) {
	done := false
	defer func() {
		if done {
			return
		}
		if v := recover(); v != nil {
			d.raise.add(v)
			return
		}
		d.drain()
	}()
	h.cancel(CauseDropped)
	done = true
}

// untaken ends a task whose scheduler was unwound, by a panic or a Goexit,
// before it took the Notified. If what unwound it is a destructor, inside
// Notified.Drop, there is none any more: Drop pins the memory, so that the word
// that is looked at here is that task's, not a next tenant's.
func (h *Header) untaken() {
	if h.state.Load()&(runMask|flagNotified) == flagNotified {
		h.grant().Drop()
	}
}

// raised collects panics that have to wait until the kit's own work is done.
type raised struct{ err error }

func (r *raised) add(v any) { r.err = joinPanics(r.err, v) }

func (r *raised) out() {
	if r.err != nil {
		panic(r.err)
	}
}
