package proptest_test

import (
	"testing"
	"unsafe"

	"github.com/rouse-go/rouse"
	"pgregory.net/rapid"
)

// The transitions of a JoinHandle and of the party that completes the task.
// Who has the slot of the join waker, and who the output, is theirs to obey:
// the guards are the protocol.

func (p *party) joinActs() []act {
	s := &p.s
	return []act{
		{"SetJoinWaker", func() bool { return p.handle && !p.waits }, func(t *rapid.T) {
			p.waits = p.phase != ended
			p.wants(t, "SetJoinWaker", s.SetJoinWaker(), nothing, p.unlessEnded())
		}},
		{"UnsetWaker", func() bool { return p.handle && (p.waits || p.phase == ended) }, func(t *rapid.T) {
			p.waits = p.waits && p.phase == ended
			p.wants(t, "UnsetWaker", s.UnsetWaker(), nothing, p.unlessEnded())
		}},
		{"UnsetWakerAfterComplete", func() bool { return p.epilog && p.waits }, func(t *rapid.T) {
			p.waits = false
			if n := s.UnsetWakerAfterComplete(); n != s.Load() {
				t.Fatalf("UnsetWakerAfterComplete returns %v, the word is %v", n, s.Load())
			}
		}},
		{"ToJoinHandleDropped", func() bool { return p.handle && (p.phase == ended || !p.waits) }, func(t *rapid.T) {
			before := s.Load()
			seen := before
			if rapid.Bool().Draw(t, "stale") {
				seen = pick(t, looks, "seen")
			}
			if seen.Complete() == before.Complete() && seen.JoinWaker() == before.JoinWaker() {
				p.wants(t, "ToJoinHandleDropped", s.ToJoinHandleDropped(seen), p.giveUpHandle())
				return
			}
			p.wants(t, "ToJoinHandleDropped", s.ToJoinHandleDropped(seen), nothing, rouse.ActRetry)
			if s.Load() != before {
				t.Fatalf("ToJoinHandleDropped is to be tried again, but %v is now %v", before, s.Load())
			}
		}},
	}
}

// looks is what a handle may have seen: with and without a joiner that waits,
// before and after the end.
var looks = func() (all []rouse.Snapshot) {
	s := new(rouse.State)
	give(s, born(life{handle: true}))
	look := func() { all = append(all, s.Load()) }
	look()
	s.SetJoinWaker()
	look()
	s.ToRunning()
	s.ToComplete()
	look()
	s.UnsetWakerAfterComplete()
	look()
	return
}()

func (p *party) unlessEnded() rouse.Action {
	if p.phase == ended {
		return rouse.ActComplete
	}
	return rouse.ActNone
}

// A refusal is a closed scheduler: it takes no task, but sees its first word.
type refusal struct{ word rouse.Snapshot }

func (r *refusal) Schedule(n rouse.Notified, _ rouse.Reason) { r.word = n.Task().Snapshot(); n.Drop() }
func (r *refusal) Yield(rouse.Notified)                      {}

type keepingRefusal struct {
	rouse.NoHooks
	refusal
}

func (*keepingRefusal) Orphaned(rouse.RawTask, *rouse.JoinError) {}

type nothingToDo struct{}

func (nothingToDo) Poll(rouse.Context) (struct{}, bool) { return struct{}{}, true }

// born returns the word that a spawned task is born with.
func born(l life) rouse.Snapshot {
	r := new(keepingRefusal)
	var s rouse.Scheduler = r
	if !l.keep {
		s = &r.refusal
	}
	if l.handle {
		j := rouse.SpawnWith[struct{}](s, nothingToDo{}, rouse.Options{Listed: l.owned, NoOrphanCheck: !l.orphanable})
		j.Detach()
	} else {
		rouse.SpawnDetached[struct{}](s, nothingToDo{})
	}
	return r.word
}

// newParty draws a life, and gives the State the word that such a task is born
// with: of itself a State can only be born zero.
func newParty(t *rapid.T) *party {
	p := &party{life: life{owned: true, counted: true}}
	if rapid.IntRange(0, 3).Draw(t, "alone") == 0 {
		return p
	}
	p.phase, p.handle, p.orphanable = granted, rapid.Bool().Draw(t, "joined"), true
	p.owned = p.handle && rapid.Bool().Draw(t, "listed")
	if p.handle {
		p.orphanable = rapid.Bool().Draw(t, "orphanable")
	}
	p.keep = p.orphanable && rapid.Bool().Draw(t, "keep")
	give(&p.s, born(p.life))
	return p
}

func give(s *rouse.State, word rouse.Snapshot) { *(*rouse.Snapshot)(unsafe.Pointer(s)) = word }

func TestStateIsOneWord(t *testing.T) {
	if a, b := unsafe.Sizeof(rouse.State{}), unsafe.Sizeof(rouse.Snapshot(0)); a != b {
		t.Errorf("a State has %d bytes, a Snapshot %d: a State cannot be given a word", a, b)
	}
}
