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
