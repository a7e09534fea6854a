package resp

import (
	"bytes"
	"fmt"
	"testing"
)

func put(s *store, key string, expire int64) {
	k := []byte(key)
	sh := s.lock(k)
	defer sh.mu.Unlock()
	s.setExpire(sh, k, s.put(sh, nil, k, []byte("v")), expire)
}

func TestExpiry(t *testing.T) {
	for _, shards := range []int{1, maxShards} {
		t.Run(fmt.Sprint(shards), func(t *testing.T) {
			woken := 0
			s := newStore(shards, func() { woken++ })
			put(s, "for ever", 0)
			put(s, "k", 100)
			if woken != 1 {
				t.Errorf("the sweeper was woken %d times", woken)
			}
			sh := s.lock([]byte("k"))
			if sh.find([]byte("k"), 99) == nil {
				t.Error("gone before its time")
			}
			if sh.find([]byte("k"), 100) != nil || len(sh.ttl) != 0 {
				t.Error("still there at its time")
			}
			sh.mu.Unlock()
			if n := s.size(); n != 1 {
				t.Errorf("%d keys are left", n)
			}
		})
	}
}

// sweep removes what has expired, in as many calls as it takes, and says when
// there is nothing left that will.
func TestSweep(t *testing.T) {
	s := newStore(4, func() {})
	for i := range 10_000 {
		put(s, fmt.Sprint("short", i), 100)
		put(s, fmt.Sprint("ever", i), 0)
	}
	put(s, "long", 1000)
	if s.sweep(99); s.size() != 20_001 {
		t.Fatalf("%d keys before their time", s.size())
	}
	calls := 0
	for s.size() > 10_001 {
		if calls++; calls > 10_000 {
			t.Fatalf("%d keys are left", s.size())
		}
		if !s.sweep(100) {
			t.Fatal("the sweep says that nothing is left to expire")
		}
	}
	if s.sweep(1000) || s.size() != 10_000 {
		t.Errorf("%d keys at the end", s.size())
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
