package main

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
)

func TestRounds(t *testing.T) {
	for seed := range uint64(2) {
		r := newRound(2000, 2, seed<<32)
		r.run(time.Now())
		for _, f := range r.findings() {
			t.Error(f)
		}
		if r.spawned.Load() < 2000 || r.wakes.Load() == 0 || r.checks.Load() == 0 || r.walks.Load() == 0 {
			t.Errorf("nothing was done: %v", &r.tally)
		}
	}
}

// What the round compares must differ when something is lost.
func TestLossesAreFound(t *testing.T) {
	for says, lose := range map[string]func(r *round){
		"a wake is lost": func(r *round) { r.slots[0].job.sent.Add(1) },
		"futures made":   func(r *round) { r.spawned.Add(1) },
		"outputs made":   func(r *round) { r.made.Add(1) },
		"Notifieds":      func(r *round) { r.ran.Add(1) },
		"of level 1":     func(r *round) { r.initialised.Add(1) },
		"a second end":   func(r *round) { r.slots[0].job.end(); r.slots[0].job.end() },
	} {
		r := newRound(1, 1, 0)
		rng := rand.New(rand.NewPCG(1, 1))
		for s := r.slots[0]; s.job == nil || s.job.over.Load() && s.handle == nil; {
			r.respawn(rng, s) // until there is one that is pending
			r.checkQuiet()
		}
		lose(r)
		if says == "a wake is lost" {
			r.checkQuiet()
		}
		r.crew.close()
		if all := strings.Join(r.findings(), "\n"); !strings.Contains(all, says) {
			t.Errorf("found %q, want %q", all, says)
		}
	}
}

// A place in the ledger whose task is held for ever, by one of its handles.
func TestUnreleasedCellsAreFound(t *testing.T) {
	for what, leak := range map[string]func(*rouse.Waker, *rouse.JoinHandle[output]){
		"refs=1":        func(_ *rouse.Waker, h *rouse.JoinHandle[output]) { h.Detach() },
		"JOIN_INTEREST": func(w *rouse.Waker, _ *rouse.JoinHandle[output]) { w.Drop() },
		"":              func(w *rouse.Waker, h *rouse.JoinHandle[output]) { w.Drop(); h.Detach() },
	} {
		r := newRound(1, 1, 0)
		j := &job{r: r, slot: r.slots[0]}
		r.crew.close() // ends it at once, by dropping it
		var w rouse.Waker
		s := &clones{ledger: r.ledger, waker: &w}
		h := r.pool.SpawnWith(s, future{j}, rouse.Options{})
		leak(&w, &h)
		r.ledger.audit()
		all := strings.Join(r.wrong, "\n")
		if what == "" && all != "" || !strings.Contains(all, what) || what != "" && !strings.Contains(all, "1 of 1 cells") {
			t.Errorf("found %q, want %q", all, what)
		}
	}
}

// clones keeps a waker of what is spawned on it.
type clones struct {
	*ledger
	waker *rouse.Waker
}

func (c *clones) Schedule(n rouse.Notified, why rouse.Reason) {
	if why == rouse.Spawned {
		*c.waker = n.Task().Header().WakerRef().Clone()
	}
	c.ledger.Schedule(n, why)
}
