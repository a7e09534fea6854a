package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
)

func opened(t *testing.T, dir string) *journal {
	t.Helper()
	j, err := open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.close() })
	return j
}

func accepted(t *testing.T, j *journal, id string, wantKnown bool) {
	t.Helper()
	if known, err := j.append(message{ID: id}); known != wantKnown || err != nil {
		t.Errorf("append(%s): known %v, %v", id, known, err)
	}
}

func has(t *testing.T, j *journal, want ...string) {
	t.Helper()
	var ids []string
	for _, m := range j.messages {
		ids = append(ids, m.ID)
	}
	if !slices.Equal(ids, want) {
		t.Errorf("epoch %d has %v, want %v", j.epoch, ids, want)
	}
}

func TestJournal(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "actor")
	a := opened(t, dir)
	accepted(t, a, "1", false)
	accepted(t, a, "2", false)
	accepted(t, a, "2", true)
	has(t, a, "1", "2")
	a.close() // and is not heard of again

	b := opened(t, dir)
	has(t, b, "1", "2")
	accepted(t, b, "2", true)
	accepted(t, b, "3", false)
	b.close()
	has(t, opened(t, dir), "1", "2", "3")
}

// Of two activations the older one accepts nothing. What it has written is there
// once, whether the newer one has read it or got it again.
func TestJournalFenced(t *testing.T) {
	dir := t.TempDir()
	a := opened(t, dir)
	accepted(t, a, "1", false)
	b := opened(t, dir)
	if _, err := a.append(message{ID: "2"}); !errors.Is(err, errFenced) {
		t.Errorf("the older activation appends: %v", err)
	}
	if err := a.current(); !errors.Is(err, errFenced) {
		t.Errorf("the older activation is current: %v", err)
	}
	has(t, b, "1")
	accepted(t, b, "2", false)
	has(t, opened(t, dir), "1", "2")
}

// A writer may be killed in the middle of a record.
func TestJournalTorn(t *testing.T) {
	dir := t.TempDir()
	a := opened(t, dir)
	accepted(t, a, "1", false)
	if _, err := a.file.WriteString(`{"ID":"2","Te`); err != nil {
		t.Fatal(err)
	}
	b := opened(t, dir)
	has(t, b, "1")
	accepted(t, b, "2", false)
	has(t, opened(t, dir), "1", "2")
}

func TestJournalDamaged(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "1"), []byte("no record\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := open(dir); err == nil {
		t.Error("a damaged journal was read")
	}
}

// Many activations at once: what any of them has accepted the last one has, once.
func TestJournalManyActivations(t *testing.T) {
	const activations, each = 8, 20
	dir := t.TempDir()
	var all sync.WaitGroup
	var mu sync.Mutex
	var ids []string
	for i := range activations {
		all.Add(1)
		go func() {
			defer all.Done()
			j, err := open(dir)
			if err != nil {
				t.Error(err)
				return
			}
			defer j.close()
			for k := range each {
				id := strconv.Itoa(i*each + k)
				switch _, err := j.append(message{ID: id}); {
				case err == nil:
					mu.Lock()
					ids = append(ids, id)
					mu.Unlock()
				case !errors.Is(err, errFenced):
					t.Error(err)
				}
			}
		}()
	}
	all.Wait()
	j := opened(t, dir)
	count := make(map[string]int)
	for _, m := range j.messages {
		count[m.ID]++
	}
	if len(ids) == 0 {
		t.Error("nothing was accepted")
	}
	for _, id := range ids {
		if count[id] != 1 {
			t.Errorf("%s was accepted, and is there %d times", id, count[id])
		}
	}
}
