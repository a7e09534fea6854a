package rouse

// A model is what a word says. The bit numbers are those of Snapshot's
// documentation.
type model struct {
	Running, Guard, Complete, Notified bool
	JoinInterest, JoinWaker            bool
	Cancelled                          bool
	Cause                              Cause
	Unowned, Pinned, Orphanable        bool
	Poisoned, Keep, Foreign            bool
	Wakers                             int64
}

func modelOf(s Snapshot) model {
	bit := func(i int) bool { return s>>i&1 != 0 }
	return model{
		Complete: bit(0), Running: bit(1), Guard: bit(2), Notified: bit(3), JoinInterest: bit(4), JoinWaker: bit(5),
		Cancelled: bit(6), Cause: Cause(s >> 7 & 7), Unowned: bit(10), Pinned: bit(11), Orphanable: bit(12),
		Poisoned: bit(13), Keep: bit(14), Foreign: bit(15), Wakers: int64(s) >> 16,
	}
}

func (m model) broken() bool  { return m.Poisoned || m.Guard }
func (m model) idle() bool    { return !m.Running && !m.Notified && !m.Complete }
func (m model) polling() bool { return m.Running && !m.Complete && !m.broken() }

func (m model) dead() bool {
	claimed := m.Running || m.JoinInterest || m.Notified && !m.Complete
	return m.Unowned && !claimed && m.Wakers == 0 && !m.broken()
}

func (m model) orphaned() bool {
	return m.Orphanable && m.Wakers == 0 && m.idle() && !m.broken()
}

func (m model) cancel(c Cause) model {
	if !m.Cancelled {
		m.Cancelled, m.Cause = true, c
	}
	return m
}

// A ruling is what the specification says of one transition: the word after
// it, what its caller has to do, and the locked instructions it costs.
type ruling struct {
	After  model
	action action
	RMWs   int
}

// settled is the ruling on a word whose party may be the last.
func (m model) settled() ruling {
	switch {
	case m.Complete && m.dead():
		return ruling{m, actRelease, 1}
	case !m.Complete && (m.dead() || m.orphaned()):
		return ruling{m, actSettle, 1}
	}
	return ruling{m, actNone, 1}
}

// claimed is what an actSettle comes to where nobody interferes.
func (r ruling) claimed() ruling {
	if r.action == actSettle {
		m, a := r.After.lastRun()
		return ruling{m, a, r.RMWs + 1}
	}
	return r
}

// lastRun is what settling makes of a word: the run that ends the task, unless
// it is an orphan to be kept, which is checked no more.
func (m model) lastRun() (model, action) {
	m.Notified = true
	if m.Orphanable && m.Keep {
		m.Orphanable = false
		return m, actReport
	}
	return m.cancel(CauseOrphaned), actSubmit
}

// The machine a second time: in plain terms, and from its specification
// instead of its code. transition_test.go compares the two.

func (m model) then(a action) ruling  { return ruling{m, a, 1} }
func (m model) keeps(a action) ruling { return ruling{m, a, 0} }
func (m model) misuse() ruling        { return ruling{m, actMisuse, 0} }

func (m model) toRunning() ruling {
	if !m.Notified || m.Running || m.Complete || m.broken() {
		return m.misuse()
	}
	m.Running, m.Notified = true, false
	if m.Cancelled {
		return m.then(actCancel)
	}
	return m.then(actPoll)
}

func (m model) dropNotified() ruling {
	r := m.toRunning()
	if r.action == actPoll {
		r.action = actCancel
	}
	return r
}

func (m model) toIdle() ruling {
	if !m.polling() {
		return m.misuse()
	}
	if m.Notified && m.Cancelled {
		m.Notified = false
		return ruling{m, actCancel, 2}
	}
	m.Running = false
	if m.Notified {
		return m.then(actYield)
	}
	return m.settled()
}

// end is the embedder's toIdle: its own loop looks at the cancellation.
func (m model) end() ruling {
	if !m.polling() {
		return m.misuse()
	}
	m.Running = false
	if m.Notified {
		return m.then(actSubmit)
	}
	return m.then(actNone)
}

func (m model) yield() ruling {
	if !m.polling() {
		return m.misuse()
	}
	m.Running, m.Notified = false, true
	return m.then(actSubmit)
}

func (m model) toComplete() ruling {
	if !m.polling() {
		return m.misuse()
	}
	m.Complete = true
	return m.then(actNone)
}

func (m model) toTerminal(unlinked bool) ruling {
	if !m.Running || !m.Complete || m.broken() || unlinked && m.Unowned {
		return m.misuse()
	}
	m.Running, m.Unowned = false, m.Unowned || unlinked
	return m.settled()
}

func (m model) toFinished(unlinked bool) ruling {
	if !m.polling() || m.JoinInterest || unlinked && m.Unowned {
		return m.misuse()
	}
	m.Complete, m.Running, m.Unowned = true, false, m.Unowned || unlinked
	return m.settled()
}

func (m model) toNotifiedByRef() ruling {
	if m.Foreign {
		return m.keeps(actForeign)
	}
	if m.Complete {
		return m.keeps(actComplete)
	}
	a := actNone
	if m.idle() {
		a = actSubmit
	}
	m.Notified = true
	return m.then(a) // also where nothing changes: it publishes
}

func (m model) toNotifiedByVal() ruling {
	if m.Wakers <= 0 {
		return m.misuse()
	}
	if m.Foreign {
		return m.keeps(actForeign)
	}
	m.Wakers--
	if m.Complete {
		return m.settled()
	}
	return m.toNotifiedByRef()
}

func (m model) toNotifiedAndCancel(c Cause) ruling {
	if m.Complete || m.Cancelled {
		return m.keeps(actNone)
	}
	a := actRecorded
	if m.idle() {
		a = actSubmit
	}
	m.Notified = true
	return m.cancel(c).then(a)
}

func (m model) toShutdown() ruling {
	if m.Unowned {
		return m.misuse()
	}
	m.Unowned = true
	if m.Complete {
		return m.settled()
	}
	if m.idle() {
		m.Running = true
		return m.cancel(CauseShutdown).then(actCancel)
	}
	m.Notified = true // it is already, unless somebody runs it
	return m.cancel(CauseShutdown).then(actNone)
}

func (m model) toClosed() ruling {
	if m.Complete || m.Cancelled {
		return m.keeps(actNone)
	}
	if m.idle() {
		m.Running = true
		return m.cancel(CauseClosed).then(actCancel)
	}
	m.Notified = true
	return m.cancel(CauseClosed).then(actRecorded)
}

func (m model) toDisowned() ruling {
	if m.Unowned || m.broken() {
		return m.misuse()
	}
	m.Unowned = true
	return m.settled()
}

func (m model) setJoinWaker() ruling {
	if !m.JoinInterest || m.JoinWaker {
		return m.misuse()
	}
	if m.Complete {
		return m.keeps(actComplete)
	}
	m.JoinWaker = true
	return m.then(actNone)
}

func (m model) unsetWaker() ruling {
	if m.JoinInterest && m.Complete {
		return m.keeps(actComplete)
	}
	if !m.JoinInterest || !m.JoinWaker {
		return m.misuse()
	}
	m.JoinWaker = false
	return m.then(actNone)
}

func (m model) unsetWakerAfterComplete() ruling {
	if !m.Complete || !m.JoinWaker {
		return m.misuse()
	}
	m.JoinWaker = false
	return m.then(actNone)
}

// toJoinerWoken: a handle that exists takes the slot, and keeps the task while
// its run is given up.
func (m model) toJoinerWoken() ruling {
	if !m.Running || !m.Complete || !m.JoinWaker || m.broken() {
		return m.misuse()
	}
	m.JoinWaker = false
	if !m.JoinInterest {
		return m.then(actEmpty)
	}
	m.Running = false
	return m.then(actNone)
}

// toJoinHandleDropped: the holder acted on a word with these two flags.
func (m model) toJoinHandleDropped(complete, waker bool) ruling {
	if !m.JoinInterest {
		return m.misuse()
	}
	if complete != m.Complete || waker != m.JoinWaker {
		return m.keeps(actRetry)
	}
	m.JoinInterest = false
	return m.settled()
}

func (m model) pin() ruling {
	if !m.JoinInterest && !m.Running && m.Unowned {
		return m.misuse()
	}
	if m.Pinned {
		return m.keeps(actNone)
	}
	m.Pinned = true
	return m.then(actNone)
}

// maxWakers is half of what the count has room for.
const maxWakers = 1<<47 - 1

func (m model) refInc() ruling {
	entitled := m.Wakers > 0 || m.Running || m.Notified && !m.Complete || !m.Unowned
	if m.Wakers < 0 || !entitled || m.Wakers >= maxWakers {
		return m.misuse()
	}
	m.Wakers++
	return m.then(actNone)
}

func (m model) refDec() ruling {
	if m.Wakers <= 0 {
		return m.misuse()
	}
	m.Wakers--
	return m.settled()
}

// settle claims the last run, if there is one to claim.
func (m model) settle() ruling {
	if m.settled().action != actSettle {
		return m.keeps(actNone)
	}
	m, a := m.lastRun()
	return m.then(a)
}
