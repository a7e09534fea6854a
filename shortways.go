package rouse

// The short ways in which a task ends whose poll was ready. It relies on state.go,
// and hands on to ending.go.
//
// A task without destructor, hook and list has no user code left to run but the
// joiner's waker, so that nothing else can unwind. The short ways exist since an
// ending and its deferred call cost a third of a spawn. The transitions stand in
// line, since calls to them are not inlined. TestShortWays compares them with the
// ending. The builds that watch take the long way.

// complete ends a task whose poll was ready. If it reports true the caller must
// wake the joiner and then call joinerWoken.
func (h *Header) complete() (wakes bool) {
	const long = cellHooked | cellDestructs
	reads(&h.shard, "shard")
	if watched || !h.vtable.isCell || h.vtable.kind&long != 0 || h.shard != nil {
		h.completeLong(destroyFuture, 0)
		return false
	}
	c := cellOf(h)
	if !h.state.Load().JoinInterest() { // once seen clear it never returns
		c.drop(theFuture | theOutput)
		n := h.state.sub(flagRunning - flagComplete) // toFinished
		if n&(runMask|flagJoinInterest) != flagComplete {
			h.state.lostRun(n + flagRunning - flagComplete)
		}
		if n < refOne && n.has(flagUnowned) {
			h.release()
		}
		return false
	}
	c.drop(theFuture)
	n := h.state.add(flagComplete) // toComplete
	if n&runMask != flagRunning|flagComplete {
		h.state.lostRun(n - flagComplete)
	}
	switch n & (flagJoinInterest | flagJoinWaker) {
	case flagJoinInterest | flagJoinWaker:
		return true
	case flagJoinInterest:
		h.terminal()
	default: // the output is the runner's after all
		h.completeLong(destroyOutput, n)
	}
	return false
}

// terminal gives up the run of a complete task that is on no list.
func (h *Header) terminal() {
	n := h.state.sub(flagRunning) // toTerminal
	if n&runMask != flagComplete {
		h.state.lostRun(n + flagRunning)
	}
	if n < refOne && n&(flagUnowned|flagJoinInterest) == flagUnowned {
		h.release()
	}
}

//go:noinline
func (h *Header) completeLong(next step, n Snapshot) {
	e := ending{h: h, ready: true, next: next}
	if next == destroyOutput {
		e.published(n)
	}
	e.finish()
}

// joinerWoken ends a task whose joiner was woken.
func (h *Header) joinerWoken() {
	// toJoinerWoken in short, for the word at hand.
	const held = flagRunning | flagJoinInterest | flagJoinWaker
	old := h.state.Load()
	if old&(runMask|held) == flagComplete|held && h.state.cas(old, old-flagRunning-flagJoinWaker) {
		return
	}
	h.joinerWokenLong()
}

func (h *Header) joinerWokenLong() {
	if h.state.toJoinerWoken() == actEmpty {
		e := ending{h: h, ready: true, split: true, next: tellEnd}
		defer e.finish() // though the waker's drop unwinds
		slot := cellOf(h).takeJoiner()
		slot.Drop()
	}
}
