package main

import (
	"hash/maphash"
	"strconv"
	"sync"

	"github.com/tidwall/redcon"
)

// A store is a map in shards, since its goroutines run in parallel.
type store struct {
	seed   maphash.Seed
	shards [64]shard
}

type shard struct {
	mu      sync.RWMutex
	strings map[string][]byte
	lists   map[string][][]byte
}

func newStore() *store {
	st := &store{seed: maphash.MakeSeed()}
	for i := range st.shards {
		st.shards[i].strings = make(map[string][]byte)
		st.shards[i].lists = make(map[string][][]byte)
	}
	return st
}

func (st *store) of(key []byte) *shard {
	return &st.shards[maphash.Bytes(st.seed, key)%uint64(len(st.shards))]
}

// set keeps val: redcon allocates every command's arguments afresh.
func (st *store) set(key, val []byte) {
	sh := st.of(key)
	sh.mu.Lock()
	sh.strings[string(key)] = val
	sh.mu.Unlock()
}

func (st *store) get(c redcon.Conn, key []byte) {
	sh := st.of(key)
	sh.mu.RLock()
	val, ok := sh.strings[string(key)]
	sh.mu.RUnlock()
	if ok {
		c.WriteBulk(val)
	} else {
		c.WriteNull()
	}
}

func (st *store) incr(c redcon.Conn, key []byte) {
	sh := st.of(key)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	n := int64(0)
	if val, ok := sh.strings[string(key)]; ok {
		var err error
		if n, err = strconv.ParseInt(string(val), 10, 64); err != nil {
			c.WriteError("ERR value is not an integer or out of range")
			return
		}
	}
	n++
	sh.strings[string(key)] = strconv.AppendInt(nil, n, 10)
	c.WriteInt64(n)
}

func (st *store) push(c redcon.Conn, key []byte, vals [][]byte) {
	sh := st.of(key)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.lists[string(key)] = append(sh.lists[string(key)], vals...)
	c.WriteInt(len(sh.lists[string(key)]))
}

func (st *store) pop(c redcon.Conn, key []byte) {
	sh := st.of(key)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	l := sh.lists[string(key)]
	if len(l) == 0 {
		c.WriteNull()
		return
	}
	c.WriteBulk(l[len(l)-1])
	sh.lists[string(key)] = l[:len(l)-1]
}
