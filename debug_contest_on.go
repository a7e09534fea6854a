//go:build rouse_debug

package rouse

import (
	"fmt"
	"maps"
	"slices"
)

// A contest is what a WakerCell remembers of the tasks that displaced each other
// since its last event. A task may take over a cell from another, whose waker is
// still there; that one is woken, and waits for something else. If it comes back in
// the very poll that it owes to having lost its place, and so do the others, the
// tasks wake each other for ever.
type contest struct {
	lost   map[ID]uint32 // how often each that lost its place had been polled then
	rounds int           // how often in a row one came back at once
}

// A cell that sees so many returns in a row is in use by several tasks.
const contestRounds = 8

// contestants is how many that lost their places a cell remembers.
const contestants = 64

// contends makes s, by which r is about to displace old, remember what old did.
func contends(s, old *slot, r WakerRef) {
	s.contest = contest{}
	if old == nil || old.contest.rounds == contestRounds { // which was told
		return
	}
	if r.borrow.handle == nil || r.borrow.handle.record.kind != kindPoll {
		return
	}
	me, ours := r.Task()
	loser, theirs := WakerRef{p: old.p}.Task()
	if !ours || !theirs || me == loser {
		return
	}
	c := contest{lost: maps.Clone(old.contest.lost)}
	if polls, lost := c.lost[me.h.taskID()]; lost && me.h.lent.Load() <= polls+1 {
		c.rounds = old.contest.rounds + 1
	}
	if c.lost == nil || len(c.lost) == contestants {
		c.lost = map[ID]uint32{}
	}
	delete(c.lost, me.h.taskID())
	c.lost[loser.h.taskID()] = loser.h.lent.Load()
	s.contest = c
}

// contended panics if s has won one round too many. It has taken the place, and
// the loser was woken.
func contended(s *slot) {
	if s.contest.rounds < contestRounds {
		return
	}
	me, _ := WakerRef{p: s.p}.Task()
	panic(fmt.Sprintf("rouse: WakerCell.Register: task %d and others %v displace each other from the cell, and will for ever: "+
		"a WakerCell is the place of one task; use a WaitQueue for several", me.ID(), slices.Sorted(maps.Keys(s.contest.lost))))
}
