package resp

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// A table does what a map does, and its map is never much larger than what is in it.
func TestTable(t *testing.T) {
	var tab table[int, int]
	model := map[int]int{}
	rnd := rand.New(rand.NewPCG(7, 8))
	for round := range 20 {
		for i := range 2000 {
			k := rnd.IntN(1000)
			if rnd.IntN(20) < round%2*18+1 {
				tab.delete(k)
				delete(model, k)
			} else {
				tab.set(k, i)
				model[k] = i
			}
			if tab.len() != len(model) || tab.peak > shrinkAt*(tab.len()+1) {
				t.Fatalf("%d entries, want %d, in a map that had %d", tab.len(), len(model), tab.peak)
			}
		}
		for k, v := range model {
			if got, ok := tab.m[k]; !ok || got != v {
				t.Fatalf("%d: %d, %v; want %d", k, got, ok, v)
			}
		}
	}
}

// A queue that grows and shrinks keeps no more than four times its length.
func TestPopLast(t *testing.T) {
	var s []int
	for i := range 1000 {
		s = append(s, i)
	}
	for i := 999; i >= 0; i-- {
		var last int
		if s, last = popLast(s); last != i || len(s) != i || cap(s)/4 > i {
			t.Fatalf("popped %d, %d are left, with room for %d", last, len(s), cap(s))
		}
	}
}

// A client that waits for very many keys, or is subscribed to very many
// channels, and goes, leaves no empty tables behind.
func TestNothingLeftOfTables(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		const keys = 20_000
		var pop, sub strings.Builder
		fmt.Fprintf(&pop, "*%d\r\n%s", keys+2, bulk("BLPOP"))
		fmt.Fprintf(&sub, "*%d\r\n%s", keys+1, bulk("SUBSCRIBE"))
		for i := range keys {
			pop.WriteString(bulk(fmt.Sprint(i)))
			sub.WriteString(bulk(fmt.Sprint(i)))
		}
		p, q := dial(t, s), dial(t, s)
		p.send(fields("SELECT 7") + pop.String() + bulk("0"))
		q.send(sub.String())
		awaitBlocked(t, s, 1)
		await(t, s, "subscriptions", func(st Stats) bool { return st.Channels == keys })
		p.Close()
		q.Close()
		awaitGone(t, s, 0)
		for i := range s.stores[7].shards {
			sh := &s.stores[7].shards[i]
			sh.mu.Lock()
			if sh.waits.peak > shrinkAt {
				t.Errorf("the table of blocked pops is one of %d", sh.waits.peak)
			}
			sh.mu.Unlock()
		}
		s.hub.mu.Lock()
		defer s.hub.mu.Unlock()
		if s.hub.channels.peak > shrinkAt {
			t.Errorf("the table of channels is one of %d", s.hub.channels.peak)
		}
	})
}
