//go:build rouse_explore

package scenarios

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

const never = 1 << 20

// A task is the account of one task of the kit's, of level 1 or 2, and what it is made to do.
type task struct {
	w      *world
	name   string
	number int
	h      *rouse.Header
	begun  bool

	level     int
	collected bool // Uncounted
	bare      bool // level 2, without destructors
	owned     bool // level 1, and the scenario's
	helped    bool // what ended it was the end of the scenario

	// What its future does.
	need    int                    // ready once so many events have come
	selfs   int                    // wake itself in so many polls
	before  func(cx rouse.Context) // at the start of a poll
	inPoll  func(cx rouse.Context) // besides
	inDrop  func()                 // in the future's destructor; of level 1, in Cancel
	outEnd  func()                 // in the output's destructor
	hooks   map[string]func()      // in Schedule, Yield, Terminated, Panicked, Unlist, Release
	handled bool                   // what Panicked reports

	// What must be true in the end.
	mustReady bool          // not one cancellation
	causes    []rouse.Cause // that it may end with besides
	kept      bool          // it is not released
	panics    bool          // its user code does
	loses     bool          // an outcome may be lost on its way

	// What happened.
	note    rouse.Notified
	pushed  explore.Uint64 // orders its push before its pop
	notes   count          // Notifieds in a scheduler's hands
	polling count
	polls   count
	futures count // futures destroyed, or Cancel called
	ready   count // polls that were ready
	taken   count // outputs taken by a joiner
	dropped count // outputs destroyed
	failed  count // joiners told of an end without output
	freed   count
	removed count // times somebody took it off its list
	wakers  count // counted wakers alive
	events  count
	listed  explore.Ghost[bool]   // its scheduler keeps it on a list of its own
	id      explore.Ghost[uint64] // that somebody was told
	word    explore.Ghost[uint64] // when it was released
	future  explore.Var[int]
	result  explore.Var[int]
	wakes   []*wake
	aborts  count // that were recorded first
	raised  count // panics of its user code
	told    count // reports that it is an orphan

	// What the scenario holds of it.
	join    rouse.JoinHandle[output]
	waiting count  // joiners that await their waker
	joiners []*spy // that the operations poll with
	lent    []*rouse.Waker
	keeps   bool // what its threads have left of wakers and of the handle is given back in the end
	spare   int  // wakers to make when its scheduler first sees it
}

// A wake is one that a scenario does: what it writes before must be seen by the poll that it
// causes or joins.
type wake struct {
	data explore.Var[int]
	done explore.Ghost[bool] // it has returned
	seen explore.Ghost[bool] // by a poll, since
}

func (t *task) failf(format string, args ...any) {
	t.w.x.Failf("task "+t.name+": "+format, args...)
}

func (t *task) assert(ok bool, format string, args ...any) {
	if !ok {
		t.failf(format, args...)
	}
}

// at learns where the task is.
func (t *task) at(h *rouse.Header) {
	if t.h == nil {
		t.h = h
		t.w.x.Name(h, t.name)
	}
}

// give is the scheduler's: it was handed a Notified.
func (t *task) give(n rouse.Notified) {
	t.at(n.Task().Header())
	t.live("Schedule")
	t.note = n
	t.assert(t.notes.add(1) == 1, "two Notifieds")
	for ; t.spare > 0; t.spare-- {
		t.waker()
	}
}

// take gives the Notified away, to Run or Drop.
func (t *task) take() rouse.Notified {
	t.live("Run or Drop")
	t.notes.add(-1)
	return t.note
}

func (t *task) live(op string) { t.assert(t.freed.v == 0, "%s after its release", op) }

// poll is what the future does.
func (t *task) poll(cx rouse.Context) (ready bool) {
	t.w.x.At("poll", uint64(t.number)) // what the kit saw before is behind it
	t.live("Poll")
	t.assert(t.polling.add(1) == 1, "polled while it is being polled")
	t.assert(t.futures.v == 0, "polled after the future was destroyed")
	t.assert(t.ready.v == 0, "polled after it was ready")
	t.polls.add(1)
	t.future.Set(t.future.Get() + 1)
	if t.before != nil {
		t.before(cx)
	}
	for _, k := range t.wakes {
		if k.done.Get() {
			k.seen.Set(true)
			t.assert(k.data.Get() == 1, "a poll does not see what was written before the wake that caused it")
		}
	}
	ready = t.events.g.Get() >= t.need
	if !ready && t.selfs > 0 {
		t.selfs--
		cx.Waker().WakeByRef()
	}
	if t.inPoll != nil {
		t.inPoll(cx)
	}
	if ready {
		t.ready.add(1)
		t.result.Set(1)
	}
	t.polling.add(-1)
	live := uint64(t.number) << 1
	if ready {
		live |= 1
	}
	t.w.x.At("polled", live)
	return ready
}

// destroy is the future's destructor, and Cancel of level 1.
func (t *task) destroy() {
	t.live("the future's destructor")
	t.assert(t.polling.v == 0 || t.raised.v > 0, "the future was destroyed while it is being polled")
	t.assert(t.futures.add(1) == 1, "the future was destroyed twice")
	t.future.Set(-1)
	if t.inDrop != nil {
		t.inDrop()
	}
}

// release ends the account.
func (t *task) release(r rouse.RawTask) {
	t.assert(t.level == 1 || rouse.Emptied(r), "released with its future or its output")
	t.assert(t.freed.add(1) == 1, "released twice")
	t.assert(!t.kept, "released, though it is not to be")
	n := t.h.Snapshot()
	t.word.Set(uint64(n))
	t.assert(n.Dead() && n.Complete(), "released with %v", n)
	t.assert(t.notes.v == 0, "released while a Notified exists")
	t.assert(t.futures.v == 1 || t.ready.v == 1 || t.bare, "released unfinished")
}

// unwound is deferred around what may raise a panic of the task's.
func (t *task) unwound() {
	if !t.panics {
		return
	}
	if v := recover(); v != nil {
		t.caught(v)
	}
}
