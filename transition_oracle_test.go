package rouse

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
	if !m.JoinInterest && !m.Running {
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
