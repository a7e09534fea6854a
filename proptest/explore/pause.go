package explore

import "runtime"

// Pause is called in each turn of a loop that spins until another thread has done something. It is
// runtime.Gosched outside an exploration. In one, the thread goes on if something has changed since
// its last Pause, whoever changed it, and waits for that otherwise: a turn that changes nothing,
// while nobody else changes anything, would only be repeated. If nothing can change any more, that
// is a deadlock.
//
// A loop that counts its turns, in order to give up after so many, does something else in each turn
// and must not call Pause.
func Pause() {
	e := active.Load()
	if e == nil || e.mode == counting || e.mode == exploring && e.cur == e.main {
		runtime.Gosched()
		return
	}
	t := e.cur
	if e.mode == exploring {
		t.pend, t.pendObj, t.pendSig = opPause, nil, uint64(opPause)
		if e.wait(t) {
			e.stepAll = true // a write counts before this step or after it
			t.turn = turn{paused: true}
			e.pauses = true
			t.hist = mix(t.hist, 2)
			e.note(t, nil, "Pause")
			return
		}
	}
	if e.mode == draining {
		e.drained += 50 // it may spin for what a thread does that cannot end
		e.drainStep()
	} else {
		e.exit()
	}
	e.suspend(t)
}

// turn is what the search must know of a thread at its next Pause: what has happened since its last
// one. The first Pause lets every thread go on, so that only threads that do pause have more states.
//
// That no outcome is missed is seen as follows. Take an execution in which a thread goes on from a
// Pause although nothing has changed since the Pause before. The operations in between saw what
// they would see now, and left no trace. Let the thread stay where it was before them, and do them
// in place of those that now follow: the execution has the same outcome, and one turn less.
type turn struct {
	paused bool   // there was a Pause before
	others bool   // another thread has changed something, or has ended
	tries  bool   // the thread has looked whether a mutex is locked
	own    uint64 // what the thread has changed itself; 0 if all is as it was
}

// goesOn reports whether a Pause returns.
func (t *turn) goesOn() bool { return !t.paused || t.others || t.own != 0 }

// key is the turn's share of the state.
func (t *turn) key() uint64 {
	switch {
	case !t.paused:
		return 0
	case t.others:
		return 1
	}
	return mix(t.own, 2+bit(t.tries))
}

// changed accounts for a change of what o holds, by the running thread.
func (e *engine) changed(o *object, before, after uint64) {
	if !e.pauses || before == after {
		return
	}
	e.cur.turn.own += mix(o.name, after) - mix(o.name, before)
	e.disturb()
}

// disturb lets the other threads go on after a Pause.
func (e *engine) disturb() {
	if !e.pauses {
		return
	}
	for _, t := range e.threads {
		if t != e.cur {
			t.turn.others = true
		}
	}
}

// held accounts for a mutex that was locked or unlocked, which changes nothing for those that wait
// in Lock.
func (e *engine) held() {
	for _, t := range e.threads {
		if t != e.cur && t.turn.tries {
			t.turn.others = true
		}
	}
}
