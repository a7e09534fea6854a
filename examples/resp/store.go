package resp

import (
	"hash/maphash"
	"math/bits"
	"sync"
)

// A store is one database. Its keys are spread over shards, so that loops
// rarely meet in one; with a single loop there is a single shard. A command
// that names several keys locks all of their shards, in ascending order, and
// is atomic as in Redis.
type store struct {
	seed   maphash.Seed
	mask   uint64
	shards []shard
	// expiring is called, with a shard's lock held, when the shard gets its
	// first key with a time to live.
	expiring func()
}

type shard struct {
	mu    sync.Mutex
	keys  map[string]*entry
	ttl   map[string]*entry // the ones of keys that expire
	waits map[string]*waitList
	_     [32]byte // a shard is a cache line
}

// An entry is a string, or a list if list is not nil.
type entry struct {
	str    []byte
	list   *deque
	expire int64 // Unix milliseconds; 0 means never
}

// maxShards is what a lockSet holds.
const maxShards = 64

func newStore(shards int, expiring func()) *store {
	n := min(maxShards, 1<<bits.Len(uint(max(shards, 1)-1)))
	return &store{seed: maphash.MakeSeed(), mask: uint64(n - 1), shards: make([]shard, n), expiring: expiring}
}

func (s *store) index(key []byte) uint64 {
	if s.mask == 0 {
		return 0
	}
	return maphash.Bytes(s.seed, key) & s.mask
}

// lock returns the key's shard, locked.
func (s *store) lock(key []byte) *shard {
	sh := &s.shards[s.index(key)]
	sh.mu.Lock()
	return sh
}

// of returns the key's shard, which a lockSet of the caller's holds.
func (s *store) of(key []byte) *shard { return &s.shards[s.index(key)] }

// A lockSet is a set of locked shards: bit i is shard i.
type lockSet uint64

// lockKeys locks the shards of every step-th of keys.
func (s *store) lockKeys(keys [][]byte, step int) lockSet {
	var set lockSet
	for i := 0; i < len(keys); i += step {
		set |= 1 << s.index(keys[i])
	}
	for rest := set; rest != 0; rest &= rest - 1 {
		s.shards[bits.TrailingZeros64(uint64(rest))].mu.Lock()
	}
	return set
}

func (s *store) unlock(set lockSet) {
	for ; set != 0; set &= set - 1 {
		s.shards[bits.TrailingZeros64(uint64(set))].mu.Unlock()
	}
}

// find returns the entry of key, or nil; one that has expired is removed.
func (sh *shard) find(key []byte, now int64) *entry {
	e := sh.keys[string(key)]
	if e != nil && e.expire != 0 && e.expire <= now {
		sh.remove(key)
		return nil
	}
	return e
}

// add makes an empty entry for key, which has none.
func (sh *shard) add(key []byte) *entry {
	if sh.keys == nil {
		sh.keys = make(map[string]*entry)
	}
	e := new(entry)
	sh.keys[string(key)] = e
	return e
}

func (sh *shard) remove(key []byte) {
	delete(sh.keys, string(key))
	delete(sh.ttl, string(key))
}

// setExpire sets when e, the entry of key, expires; 0 means never.
func (s *store) setExpire(sh *shard, key []byte, e *entry, at int64) {
	switch {
	case at == 0 && e.expire == 0:
		return
	case at == 0:
		delete(sh.ttl, string(key))
	case e.expire == 0:
		if sh.ttl == nil {
			sh.ttl = make(map[string]*entry)
		}
		sh.ttl[string(key)] = e
		if len(sh.ttl) == 1 {
			s.expiring()
		}
	}
	e.expire = at
}

// size returns the number of keys, expired ones that nobody has met included.
func (s *store) size() (n int) {
	for i := range s.shards {
		sh := &s.shards[i]
		sh.mu.Lock()
		n += len(sh.keys)
		sh.mu.Unlock()
	}
	return n
}

// flush removes every key. Blocked pops stay.
func (s *store) flush() {
	for i := range s.shards {
		sh := &s.shards[i]
		sh.mu.Lock()
		sh.keys, sh.ttl = nil, nil
		sh.mu.Unlock()
	}
}

// match returns the names of the keys that fit the pattern; false if they are
// longer than limit in all.
func (s *store) match(pattern []byte, now int64, limit int) (names []string, ok bool) {
	for i := range s.shards {
		names, limit = s.shards[i].match(pattern, now, names, limit)
	}
	return names, limit >= 0
}

func (sh *shard) match(pattern []byte, now int64, names []string, limit int) ([]string, int) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	for k, e := range sh.keys {
		if limit < 0 {
			break
		}
		if (e.expire == 0 || e.expire > now) && glob(pattern, k) {
			names = append(names, k)
			limit -= len(k)
		}
	}
	return names, limit
}

// sweepSample is how many keys of a shard one sweep looks at, and sweepAgain
// how many of them expired make it look at as many again (Redis's rule).
const (
	sweepSample = 20
	sweepAgain  = sweepSample / 4
	sweepRounds = 16
)

// sweep removes expired keys, and reports whether any are left that expire.
func (s *store) sweep(now int64) (left bool) {
	for i := range s.shards {
		sh := &s.shards[i]
		sh.mu.Lock()
		for range sweepRounds {
			seen, expired := 0, 0
			for k, e := range sh.ttl {
				if seen++; seen > sweepSample {
					break
				}
				if e.expire <= now {
					expired++
					delete(sh.keys, k)
					delete(sh.ttl, k)
				}
			}
			if expired < sweepAgain {
				break
			}
		}
		left = left || len(sh.ttl) > 0
		sh.mu.Unlock()
	}
	return left
}
