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
	// expiring is called, with a shard's lock held, when a key is to expire
	// before all others of the shard.
	expiring func()
}

type shard struct {
	mu    sync.Mutex
	keys  table[string, *entry]
	order []*entry // the same, for SCAN: see there
	ttl   expiryQueue
	waits table[string, *waitList]
}

// An entry is a key with its value: a string, or a list if list is not nil.
type entry struct {
	key  string
	str  []byte
	list *deque
	ttl  *expiry // nil: it stays for ever
	slot int     // in its shard's order
}

// due reports whether the key's time is over.
func (e *entry) due(now int64) bool { return e.ttl != nil && e.ttl.at <= now }

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
	e := sh.keys.m[string(key)]
	if e != nil && e.due(now) {
		sh.remove(e)
		return nil
	}
	return e
}

// add makes an empty entry for key, which has none.
func (sh *shard) add(key []byte) *entry {
	e := &entry{key: string(key), slot: len(sh.order)}
	sh.keys.set(e.key, e)
	sh.order = append(sh.order, e)
	return e
}

// remove removes e, and moves the last entry of the order to its place.
func (sh *shard) remove(e *entry) {
	sh.keys.delete(e.key)
	var last *entry
	if sh.order, last = popLast(sh.order); last != e {
		sh.order[e.slot], last.slot = last, e.slot
	}
	if e.ttl != nil {
		sh.ttl.remove(e.ttl)
	}
}

// setExpire sets when e, an entry of sh, expires; 0 means never.
func (s *store) setExpire(sh *shard, e *entry, at int64) {
	switch {
	case at == 0 && e.ttl == nil:
		return
	case at == 0:
		sh.ttl.remove(e.ttl)
		e.ttl = nil
		return
	case e.ttl == nil:
		e.ttl = &expiry{at: at, entry: e}
		sh.ttl.add(e.ttl)
	default:
		sh.ttl.move(e.ttl, at)
	}
	if e.ttl.index == 0 {
		s.expiring()
	}
}

// size returns the number of keys, expired ones that nobody has met included.
func (s *store) size() (n int) {
	for i := range s.shards {
		sh := &s.shards[i]
		sh.mu.Lock()
		n += sh.keys.len()
		sh.mu.Unlock()
	}
	return n
}

// flush removes every key. Blocked pops stay.
func (s *store) flush() {
	for i := range s.shards {
		sh := &s.shards[i]
		sh.mu.Lock()
		sh.keys, sh.order, sh.ttl = table[string, *entry]{}, nil, nil
		sh.mu.Unlock()
	}
}

// nameSize is what the name of a key counts for in a reply, besides its length.
const nameSize = 16

// match returns the names of the keys that fit the pattern; false if they are
// longer than limit in all.
func (s *store) match(pattern []byte, now int64, limit int) (names []string, ok bool) {
	for cursor := uint64(0); ; {
		cursor = s.scan(cursor, 1000, func(e *entry) {
			if limit >= 0 && !e.due(now) && glob(pattern, e.key) {
				names = append(names, e.key)
				limit -= len(e.key) + nameSize
			}
		})
		if cursor == 0 || limit < 0 {
			return names, limit >= 0
		}
	}
}

// scan visits up to count entries, in cursor's shard and the following ones,
// and returns the cursor to go on with, 0 at the end.
//
// A cursor is a shard and a place in its order, of which the entries below are
// still to be visited; 0 is the whole order. The walk goes down, and a removal
// only ever moves the last entry, to a lower place: an entry that is there from
// the first call to the last is visited, perhaps twice.
func (s *store) scan(cursor uint64, count int, visit func(*entry)) (next uint64) {
	for i := cursor % maxShards; i < uint64(len(s.shards)); i++ {
		sh := &s.shards[i]
		sh.mu.Lock()
		at := uint64(len(sh.order))
		if from := cursor / maxShards; from > 0 {
			at = min(at, from)
		}
		for ; at > 0 && count > 0; count-- {
			at--
			visit(sh.order[at])
		}
		sh.mu.Unlock()
		if at > 0 {
			return i + at*maxShards
		}
		cursor = 0
		if count == 0 && i+1 < uint64(len(s.shards)) {
			return i + 1
		}
	}
	return 0
}

// sweep removes keys that have expired, limit at most, and returns how many
// they were, and when the first of the others expires; 0 if none does.
func (s *store) sweep(now int64, limit int) (removed int, next int64) {
	for i := range s.shards {
		n, at := s.shards[i].sweep(now, limit-removed)
		removed += n
		next = earlier(next, at)
	}
	return removed, next
}

func (sh *shard) sweep(now int64, limit int) (removed int, next int64) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	for ; len(sh.ttl) > 0; removed++ {
		if first := sh.ttl[0]; removed == limit || first.at > now {
			return removed, first.at
		}
		sh.remove(sh.ttl[0].entry)
	}
	return removed, 0
}

// earlier returns the earlier of two times, of which 0 is none.
func earlier(a, b int64) int64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// kind is the name of the value's type.
func (e *entry) kind() string {
	if e.list != nil {
		return "list"
	}
	return "string"
}
