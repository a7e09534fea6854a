package rouse

// The machine a second time, in plain terms and from its specification, not
// from its code. transition_test.go compares the two.

// A model is what a word says. Its bit numbers, in modelOf and word, are those
// of Snapshot's documentation.
type model struct {
	Running, Guard, Complete, Notified bool
	JoinInterest, JoinWaker            bool
	Cancelled                          bool
	Cause                              Cause
	Unowned, Pinned, Orphanable        bool
	Poisoned                           bool
	Wakers                             int64
}

func (m *model) bits() []*bool {
	return []*bool{
		0: &m.Complete, 1: &m.Running, 2: &m.Guard, 3: &m.Notified, 4: &m.JoinInterest, 5: &m.JoinWaker,
		6: &m.Cancelled, 10: &m.Unowned, 11: &m.Pinned, 12: &m.Orphanable, 13: &m.Poisoned,
	}
}

func modelOf(s Snapshot) (m model) {
	for i, b := range m.bits() {
		if b != nil {
			*b = s>>i&1 != 0
		}
	}
	m.Cause = Cause(s >> 7 & 7)
	m.Wakers = int64(s) >> 16
	return m
}

func (m model) word() (s Snapshot) {
	for i, b := range m.bits() {
		if b != nil && *b {
			s |= 1 << i
		}
	}
	return s | Snapshot(m.Cause)<<7 | Snapshot(m.Wakers)<<16
}

func (m model) broken() bool { return m.Poisoned || m.Guard }

func (m model) idle() bool { return !m.Running && !m.Notified && !m.Complete }

// running: somebody holds the run of a pending task.
func (m model) running() bool { return m.Running && !m.Complete && !m.broken() }

func (m model) dead() bool {
	noClaim := !m.Running && !m.JoinInterest && (m.Complete || !m.Notified)
	return m.Unowned && noClaim && m.Wakers == 0 && !m.broken()
}

func (m model) orphaned() bool { return m.Orphanable && m.Wakers == 0 && m.idle() && !m.broken() }

func (m model) cancelled(c Cause) model {
	if !m.Cancelled {
		m.Cancelled, m.Cause = true, c
	}
	return m
}

func (m model) notified() model { m.Notified = true; return m }
func (m model) running1() model { m.Running = true; return m }
func (m model) unowned() model  { m.Unowned = true; return m }

// A ruling is what the specification says of a transition.
type ruling struct {
	After  model
	Action Action
	RMWs   int
}

func (m model) misuse() ruling      { return ruling{m, ActMisuse, 0} }
func (m model) none() ruling        { return ruling{m, ActNone, 1} }
func (m model) then(a Action) ruling { return ruling{m, a, 1} }
func (m model) keeps(a Action) ruling { return ruling{m, a, 0} }
