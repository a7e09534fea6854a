package resp

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

func put(s *store, key string, expire int64) {
	k := []byte(key)
	sh := s.lock(k)
	defer sh.mu.Unlock()
	s.setExpire(sh, s.put(sh, sh.find(k, 0), k, []byte("v")), expire)
}

func TestExpiry(t *testing.T) {
	for _, shards := range []int{1, maxShards} {
		t.Run(fmt.Sprint(shards), func(t *testing.T) {
			woken := 0
			s := newStore(shards, func() { woken++ })
			put(s, "for ever", 0)
			put(s, "k", 100)
			put(s, "k", 200)
			put(s, "k", 100)
			if woken != 3 {
				t.Errorf("the sweeper was woken %d times", woken)
			}
			sh := s.lock([]byte("k"))
			if sh.find([]byte("k"), 99) == nil {
				t.Error("gone before its time")
			}
			if sh.find([]byte("k"), 100) != nil || sh.ttl.Len() != 0 {
				t.Error("still there at its time")
			}
			sh.mu.Unlock()
			if n := s.size(); n != 1 {
				t.Errorf("%d keys are left", n)
			}
		})
	}
}

// sweep removes what has expired, as much of it as it may, and says when the
// next key goes.
func TestSweep(t *testing.T) {
	s := newStore(4, func() {})
	for i := range 10_000 {
		put(s, fmt.Sprint("short", i), 100+int64(i%7))
		put(s, fmt.Sprint("ever", i), 0)
	}
	put(s, "long", 1000)
	put(s, "later", 100)
	put(s, "later", 2000)
	if n, next := s.sweep(99, 1000); n != 0 || next != 100 {
		t.Fatalf("%d keys were removed before their time; the next is at %d", n, next)
	}
	for left := 10_000; left > 0; left -= 1000 {
		n, next := s.sweep(106, 1000)
		if n != 1000 || left > 1000 && next > 106 || left == 1000 && next != 1000 {
			t.Fatalf("%d keys were removed, of %d; the next is at %d", n, left, next)
		}
	}
	if n, next := s.sweep(1999, 1000); n != 1 || next != 2000 {
		t.Errorf("%d removed, the next is at %d", n, next)
	}
	if n, next := s.sweep(2000, 1000); n != 1 || next != 0 || s.size() != 10_000 {
		t.Errorf("%d removed, the next is at %d, %d are left", n, next, s.size())
	}
	for i := range s.shards {
		if sh := &s.shards[i]; len(sh.order) != sh.keys.len() || len(sh.ttl) != 0 || cap(sh.ttl) > 8 {
			t.Errorf("shard %d: %d keys, %d in order, and a queue of %d for those that expire", i, sh.keys.len(), len(sh.order), cap(sh.ttl))
		}
	}
}

// A scan visits every key that is there all the time, whatever else comes and
// goes, and ends.
func TestScan(t *testing.T) {
	for _, shards := range []int{1, maxShards} {
		t.Run(fmt.Sprint(shards), func(t *testing.T) {
			s := newStore(shards, func() {})
			rnd := rand.New(rand.NewPCG(1, 2))
			const n = 1000
			for i := range n {
				put(s, fmt.Sprint("stays", i), 0)
				put(s, fmt.Sprint("goes", i), 0)
			}
			seen := map[string]bool{}
			calls := 0
			for cursor := uint64(0); ; {
				cursor = s.scan(cursor, 10, func(e *entry) { seen[e.key] = true })
				if cursor == 0 {
					break
				}
				if calls++; calls > 3*n {
					t.Fatal("the scan does not end")
				}
				for range 20 {
					k := []byte(fmt.Sprint("goes", rnd.IntN(n)))
					sh := s.lock(k)
					if e := sh.find(k, 0); e != nil {
						sh.remove(e)
					} else if rnd.IntN(2) == 0 {
						sh.add(k)
					}
					sh.mu.Unlock()
				}
			}
			for i := range n {
				if k := fmt.Sprint("stays", i); !seen[k] {
					t.Fatalf("%s was not visited", k)
				}
			}
		})
	}
}

// Several keys are locked in one order, whatever order they are named in; one
// named twice, or two in one shard, are locked once.
func TestLockKeys(t *testing.T) {
	s := newStore(8, func() {})
	var keys [][]byte
	var want lockSet
	for i := range 100 {
		keys = append(keys, fmt.Append(nil, i%30))
		want |= 1 << s.index(keys[i])
	}
	set := s.lockKeys(keys, 1)
	if set != want {
		t.Errorf("the lock set is %b, want %b", set, want)
	}
	s.unlock(set)
	set = s.lockKeys(keys[:3], 2)
	if want = 1<<s.index(keys[0]) | 1<<s.index(keys[2]); set != want {
		t.Errorf("the lock set is %b, want %b", set, want)
	}
	s.unlock(set)
	for i := range s.shards {
		if !s.shards[i].mu.TryLock() {
			t.Fatalf("shard %d is still locked", i)
		}
	}
}

// A value is overwritten in place unless that would waste memory.
func TestPutInPlace(t *testing.T) {
	s := newStore(1, func() {})
	key := []byte("k")
	sh := s.lock(key)
	e := s.put(sh, nil, key, bytes.Repeat([]byte("x"), 1000))
	at := &e.str[0]
	if s.put(sh, e, key, bytes.Repeat([]byte("y"), 500)); &e.str[0] != at {
		t.Error("half the size was not put in place")
	}
	if s.put(sh, e, key, []byte("z")); &e.str[0] == at || string(e.str) != "z" {
		t.Errorf("one byte occupies %d", cap(e.str))
	}
}

// The names that KEYS gathers are bounded, however short they are.
func TestMatchIsBounded(t *testing.T) {
	s := newStore(4, func() {})
	for i := range 1000 {
		put(s, fmt.Sprint(i), 0)
	}
	if names, ok := s.match([]byte("*"), 0, 1000*(3+nameSize)); !ok || len(names) != 1000 {
		t.Errorf("%d names, %v", len(names), ok)
	}
	if names, ok := s.match([]byte("*"), 0, 500*nameSize); ok || len(names) > 501 {
		t.Errorf("%d names, %v", len(names), ok)
	}
}
