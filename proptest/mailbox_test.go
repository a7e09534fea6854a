package proptest_test

import (
	"testing"

	"github.com/rouse-go/rouse"
	"pgregory.net/rapid"
)

// A mailbox is a State with a queue of letters, used as the package documentation
// has it, by steps between which everything else may happen. What is known of it is
// told in terms of letters and runs, not of the word: what was accepted is handled,
// by one run at a time.
type mailbox struct {
	s       rouse.State
	letters int // that were accepted, and are not handled

	owed    bool // somebody has to begin a run
	held    bool // the run is
	ending  bool // it is held by who ends the mailbox
	looked  bool // it has found no letters, since it began or was told to look again
	news    bool // something came since then
	unknown bool // what a run that was given up while suspended has left

	paused  bool // Suspend, and no Resume or Close since
	private bool // the owner was told that no run is in progress
	stopped bool // closed, and not opened again
	ended   bool // finished, and not opened again
}

func (m *mailbox) atRest() bool { return !m.owed && !m.held }

// starts notes that somebody was told to start a run.
func (m *mailbox) starts(t *rapid.T, op string) {
	if !m.atRest() || m.paused || m.ended {
		t.Fatalf("%s has a run started; another is owed: %v, in progress: %v; it is suspended: %v, finished: %v", op, m.owed, m.held, m.paused, m.ended)
	}
	m.owed = true
}

func (m *mailbox) post(t *rapid.T) {
	start, ok := m.s.TryNotify()
	if open := !m.stopped && !m.ended; ok != open {
		t.Fatalf("a letter was accepted: %v, the mailbox is open: %v", ok, open)
	}
	if ok {
		m.letters++
		m.news = true
	}
	if start {
		m.starts(t, "TryNotify")
	}
}

// tick is a Notify without a letter, a timer's.
func (m *mailbox) tick(t *rapid.T) {
	m.news = true
	if m.s.Notify() {
		m.starts(t, "Notify")
	}
}

func (m *mailbox) begin(t *rapid.T) {
	m.owed = false
	if m.private {
		t.Fatal("a run begins, after a Suspend that reported true")
	}
	if got := m.s.Begin(); got == m.stopped {
		t.Fatalf("Begin reports %v, the mailbox is closed: %v", got, m.stopped)
	}
	m.hold()
}

func (m *mailbox) hold() { m.held, m.ending, m.looked, m.news = true, m.stopped, false, false }

// look handles a letter, if there is one.
func (m *mailbox) look(*rapid.T) {
	m.looked = m.letters == 0
	m.letters = max(m.letters-1, 0)
}

func (m *mailbox) end(t *rapid.T) {
	m.held = false
	again := m.s.End()
	if again && !m.news {
		t.Fatal("End has another run begun, and nothing has come")
	}
	m.gaveUp(t, "End", again)
}

// yield is legal at any time of a run: where there is more to do, and where the
// handler panics.
func (m *mailbox) yield(t *rapid.T) {
	m.held = false
	again := m.s.Yield()
	if again == m.paused {
		t.Fatalf("Yield reports %v, the mailbox is suspended: %v", again, m.paused)
	}
	m.unknown = m.paused
	m.gaveUp(t, "Yield", again)
}

func (m *mailbox) gaveUp(t *rapid.T, op string, again bool) {
	m.ending = false
	if again {
		m.starts(t, op)
	}
}

func (m *mailbox) finish(t *rapid.T) {
	ended := m.s.Finish()
	switch {
	case ended && m.letters > 0:
		t.Fatalf("it has ended with %d letters that were accepted", m.letters)
	case ended == m.news:
		t.Fatalf("Finish reports %v, something has come since the run looked: %v", ended, m.news)
	case ended:
		m.held, m.ending, m.ended = false, false, true
	default: // it has the run still
		m.looked, m.news = false, false
		m.ending = m.stopped
	}
}

func (m *mailbox) close(t *rapid.T) {
	first := !m.stopped && !m.ended
	got := m.s.Close()
	if want := first && m.atRest(); got != want {
		t.Fatalf("Close reports %v, want %v", got, want)
	}
	if !first {
		return
	}
	m.stopped, m.paused, m.private, m.unknown = true, false, false, false
	m.news = true
	if got {
		m.hold()
	}
}

func (m *mailbox) suspend(t *rapid.T) {
	got := m.s.Suspend()
	closing := m.stopped && !m.ended
	if want := m.atRest() && !closing; got != want {
		t.Fatalf("Suspend reports %v; a run is owed: %v, in progress: %v; it is being closed: %v", got, m.owed, m.held, closing)
	}
	if !closing {
		m.paused, m.private = true, got
	}
}

func (m *mailbox) resume(t *rapid.T) {
	was := m.paused
	m.paused, m.private = false, false
	start := m.s.Resume()
	if start && !was {
		t.Fatal("Resume has a run started of a mailbox that is not suspended")
	}
	m.unknown = m.unknown && !start
	if start {
		m.starts(t, "Resume")
	}
}

func (m *mailbox) open(t *rapid.T) {
	if got := m.s.Open(); got != m.ended {
		t.Fatalf("Open reports %v, the mailbox is finished: %v", got, m.ended)
	}
	if m.ended {
		m.ended, m.stopped, m.news = false, false, false
	}
}

func (m *mailbox) check(t *rapid.T) {
	n := m.s.Load()
	switch {
	case n.Running() != m.held, n.Complete() != m.ended, n.Cancelled() != m.stopped, n.Suspended() != m.paused:
		t.Fatalf("state %v; a run is in progress: %v, finished: %v, closed: %v, suspended: %v", n, m.held, m.ended, m.stopped, m.paused)
	case m.atRest() && !m.paused && (m.letters > 0 || m.unknown):
		t.Fatalf("%d letters were accepted, and nobody handles them: state %v", m.letters, n)
	case m.owed && m.held, m.ended && !m.atRest():
		t.Fatalf("a run too many: owed %v, in progress %v, finished %v", m.owed, m.held, m.ended)
	}
}

// settle resumes the mailbox and does all that is owed. Then nothing is left.
func (m *mailbox) settle(t *rapid.T) {
	m.resume(t)
	for range 1000 {
		m.check(t)
		switch {
		case m.owed:
			m.begin(t)
		case !m.held:
			if m.letters > 0 {
				t.Fatalf("%d letters are left", m.letters)
			}
			return
		case !m.looked:
			m.look(t)
		case m.ending:
			m.finish(t)
		default:
			m.end(t)
		}
	}
	t.Fatal("it does not come to rest")
}

func mailboxProperty(t *rapid.T) {
	m := new(mailbox)
	held := func() bool { return m.held }
	looked := func() bool { return m.held && m.looked }
	machine(t, m.check,
		act{"post", always, m.post},
		act{"tick", always, m.tick},
		act{"begin", func() bool { return m.owed }, m.begin},
		act{"look", held, m.look},
		act{"End", func() bool { return looked() && !m.ending }, m.end},
		act{"Yield", held, m.yield},
		act{"Finish", looked, m.finish},
		act{"Close", always, m.close},
		act{"Suspend", always, m.suspend},
		act{"Resume", always, m.resume},
		act{"Open", always, m.open},
	)
	m.settle(t)
}

func TestMailbox(t *testing.T) { check(t, mailboxProperty) }
