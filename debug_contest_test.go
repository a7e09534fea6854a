//go:build rouse_debug

package rouse

import (
	"fmt"
	"maps"
	"testing"
)

// rivals are tasks that register at one cell in each of their polls.
func (l *loop) rivals(cell *WakerCell, n int) (all []*actor) {
	for range n {
		a := l.newActor(actors, func(cx Context) bool { cell.Register(cx.Waker()); return false })
		a.handle = true
		all = append(all, a)
	}
	return all
}

// Two tasks displace each other: so many returns are seen, and then the one that
// has come back is told of the other, which is woken all the same.
func TestDebugContestIsTold(t *testing.T) {
	var l loop
	var cell WakerCell
	pair := l.rivals(&cell, 2)
	a, b := pair[0], pair[1]
	a.Wake()
	b.Wake()
	for len(a.errs)+len(b.errs) == 0 && l.polls < 100 && l.q.RunOne() {
	}
	if l.polls != 2+contestRounds || len(a.errs) != 0 && len(b.errs) != 0 {
		t.Fatalf("told after %d polls: %v, %v", l.polls, a.errs, b.errs)
	}
	told, other := a, b
	if len(b.errs) != 0 {
		told, other = b, a
	}
	want := fmt.Sprintf("rouse: WakerCell.Register: task %d and others [%d] displace each other from the cell, and will for ever: "+
		"a WakerCell is the place of one task; use a WaitQueue for several", told.ID(), other.ID())
	if got := told.errs[0].Value; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	if n, ok := l.q.Pop(); !ok || n.Task().Header() != &other.Header {
		t.Error("the one that lost its place was not woken")
	} else {
		n.Run()
	}
	if len(other.errs) != 0 || l.q.Len() != 0 {
		t.Errorf("the one that is left was told %v; %d runs are owed", other.errs, l.q.Len())
	}
	cell.Close()
	l.run()
}

// Who registers outside of its polls was not woken to see that it lost its place,
// and displaces the other as often as it likes.
func TestDebugContestIsOfPolls(t *testing.T) {
	var l loop
	var cell WakerCell
	a, b := l.newActor(actors, pending), l.newActor(actors, pending)
	for range 2 * contestRounds {
		cell.Register(a.WakerRef())
		cell.Register(b.WakerRef())
	}
	cell.Close()
	l.run()
}

// A cell that many tasks come to in turn remembers some of them.
func TestDebugContestIsBounded(t *testing.T) {
	var l loop
	var cell WakerCell
	for _, a := range l.rivals(&cell, 3*contestants) {
		a.Wake()
	}
	most := 0
	for range 3 * contestants {
		l.q.RunOne()
		most = max(most, len(cell.waiting.Load().contest.lost))
	}
	if most != contestants {
		t.Errorf("%d tasks are remembered, want %d at most", most, contestants)
	}
	cell.Close()
	for l.q.Len() > 0 {
		n, _ := l.q.Pop()
		n.Drop()
	}
}

// A cell that was handed to another slot meanwhile is looked at again: nothing is
// left of the first look, and nothing was written to what was looked at. Nor does
// a task lose its place to itself.
func TestDebugContestIsLookedAtAgain(t *testing.T) {
	var l loop
	var me, other *actor
	other = l.newActor(actors, pending)
	me = l.newActor(actors, func(cx Context) bool {
		w := other.WakerRef().Clone()
		old := toSlot(&w)
		old.contest = contest{lost: map[ID]uint32{me.ID(): me.lent.Load(), 1 << 60: 0}, rounds: 2}
		before := maps.Clone(old.contest.lost)
		var s slot
		contends(&s, old, cx.Waker())
		if s.contest.rounds != 3 || len(s.contest.lost) != 2 || s.contest.lost[other.ID()] != other.lent.Load() {
			t.Errorf("%+v", s.contest)
		}
		if !maps.Equal(old.contest.lost, before) {
			t.Errorf("the other slot remembers %v, and did %v", old.contest.lost, before)
		}
		contends(&s, nil, cx.Waker())
		if s.contest.rounds != 0 || s.contest.lost != nil {
			t.Errorf("of an empty cell: %+v", s.contest)
		}
		v := cx.Waker().Clone()
		mine := toSlot(&v)
		if contends(&s, mine, cx.Waker()); s.contest.lost != nil {
			t.Errorf("of its own waker: %+v", s.contest)
		}
		for _, s := range []*slot{old, mine} {
			w := fromSlot(s)
			w.Drop()
		}
		return false
	})
	me.Wake()
	l.run()
	if l.polls != 1 || len(me.errs) != 0 {
		t.Errorf("%d polls, %v", l.polls, me.errs)
	}
}
