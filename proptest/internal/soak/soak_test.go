package main

import (
	"context"
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
		if r.spawned.Load() < 2000 || r.wakes.Load() == 0 || r.checks.Load() == 0 || r.walks.Load() == 0 || r.sessions.Load() < uint64(endings) || r.offices.Load() < uint64(endings) {
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

// So it is of the pieces.
func TestLossesOfPiecesAreFound(t *testing.T) {
	for says, lose := range map[string]func(s *session){
		"permits made":               func(s *session) { s.gate.TryAcquire(1) },
		"permits are held by nobody": func(s *session) { s.held.Add(1) },
		"visitors made":              func(s *session) { s.r.visits.Add(1) },
		"items brought":              func(s *session) { s.items.Add(1) },
		"workers that steal":         func(s *session) { s.crew.ran.Add(1) },
		"says that the list is":      func(s *session) { s.present.Add(1); s.empty("a test"); s.present.Add(-1) },
	} {
		r := newRound(1, 1, 0)
		s := r.newSession(context.Background(), 1, whole)
		s.open()
		s.end()
		lose(s)
		s.audit()
		if all := strings.Join(r.findings(), "\n"); !strings.Contains(all, says) {
			t.Errorf("found %q, want %q", all, says)
		}
		r.crew.close()
	}
}

// A letter that is out of its sender's order.
func TestLettersOutOfOrderAreFound(t *testing.T) {
	r := newRound(1, 1, 0)
	o := r.newOffice(1)
	m := o.boxes[1]
	m.post(0, 0)
	m.post(0, 0)
	m.letters[0], m.letters[1] = m.letters[1], m.letters[0]
	m.close()
	m.run()
	r.crew.close()
	if all := strings.Join(r.findings(), "\n"); !strings.Contains(all, "letter 2 of sender 0 is the 1-th") {
		t.Errorf("found %q", all)
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
