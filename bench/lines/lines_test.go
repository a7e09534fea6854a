//go:build rouse_explore

package main

import (
	"testing"

	"github.com/rouse-go/rouse/proptest/explore"
)

func steps(all ...[2]string) (v []explore.Step) {
	for _, s := range all {
		v = append(v, explore.Step{Number: 1, Thread: s[0], Text: s[1]})
	}
	return v
}

func TestCount(t *testing.T) {
	got := count(append(steps(
		[2]string{"a", "w.Load() = 0"},
		[2]string{"a", "w.Add(1)"},
		[2]string{"b", "w.Load() = 1"},           // travels
		[2]string{"a", "w.Load() = 1"},           // has a copy
		[2]string{"a", "w.CAS(0x1, 0x2)"},        // needs the only one
		[2]string{"b", "w.CAS(0x1, 0x2) failed"}, // travels
		[2]string{"b", "mine.Swap(1) = 0"},
		[2]string{"b", "read plain"},
	), explore.Step{Number: 0, Thread: "main", Text: "w.Add(1)"}, explore.Step{Number: -1, Thread: "main", Text: "w.Add(1)"}))
	want := tally{rmws: 4, shared: 3, transfers: 3, failed: 1}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// One thread shares nothing with another, and its words stay with it.
func TestOneThread(t *testing.T) {
	for _, p := range pieces() {
		got, err := simulate(p, 1, 1)
		if err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
		if got.rmws == 0 || got.shared != 0 || got.transfers != 0 || got.failed != 0 {
			t.Errorf("%s: %+v", p.name, got)
		}
	}
}

// Threads with tasks of their own share nothing; with one task they do.
func TestSharing(t *testing.T) {
	for _, p := range pieces() {
		got, err := simulate(p, 3, 2)
		if err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
		if apart := p.name == "clone-drop-different"; (got.shared == 0) != apart || (got.transfers == 0) != apart {
			t.Errorf("%s: %+v", p.name, got)
		}
	}
}

// Each piece fits into the explorer with as many threads as -threads takes.
func TestMostThreads(t *testing.T) {
	for _, p := range pieces() {
		if _, err := simulate(p, maxThreads, 1); err != nil {
			t.Errorf("%s: %v", p.name, err)
		}
	}
}
