package resp

import (
	"sync/atomic"
	"time"

	"github.com/rouse-go/rouse"
)

// A blockedPop is a BLPOP or BRPOP that found its lists empty. It waits in a
// queue for each key; a push hands it an element and wakes its task. The key
// and the element are written before the wake and read by the poll that it
// causes: the wake publishes them.
type blockedPop struct {
	store *store
	left  bool
	keys  [][]byte // its own copies
	size  int      // what it is counted for
	nodes []waitNode
	timer timer

	// served is set by the one push that claims this pop. The push holds the
	// lock of the shard that it found the pop in, so after leave the rest of
	// what it wrote is visible.
	served atomic.Bool
	waker  rouse.Waker // consumed by that push, else dropped by the task
	key    []byte
	val    []byte
}

// popSize is what waiting for a key counts for: its name, twice, and what stands
// for the node, the queue and its entry in the shard's table.
func popSize(name int) int { return 2*name + 192 }

// A waitNode is a pop's place in the queue of one key. Its shard's lock guards it.
type waitNode struct {
	pop        *blockedPop
	list       *waitList // nil: in no queue
	prev, next *waitNode
}

// A waitList is the blocked pops of one key, first come, first served.
type waitList struct{ first, last *waitNode }

func (q *waitList) add(n *waitNode) {
	n.list, n.prev = q, q.last
	if q.last == nil {
		q.first = n
	} else {
		q.last.next = n
	}
	q.last = n
}

func (q *waitList) remove(n *waitNode) {
	if n.prev == nil {
		q.first = n.next
	} else {
		n.prev.next = n.next
	}
	if n.next == nil {
		q.last = n.prev
	} else {
		n.next.prev = n.prev
	}
	n.list, n.prev, n.next = nil, nil, nil
}

// enqueue puts b in the queues of its keys, whose shards the caller has locked.
func (s *store) enqueue(b *blockedPop) {
	b.nodes = make([]waitNode, len(b.keys))
	for i, key := range b.keys {
		sh := s.of(key)
		q := sh.waits.m[string(key)]
		if q == nil {
			q = new(waitList)
			sh.waits.set(string(key), q)
		}
		b.nodes[i].pop = b
		q.add(&b.nodes[i])
	}
}

// leave takes b out of its queues. Afterwards no push can reach it.
func (s *store) leave(b *blockedPop) {
	set := s.lockKeys(b.keys, 1)
	for i := range b.nodes {
		n := &b.nodes[i]
		if q := n.list; q != nil {
			q.remove(n)
			if q.first == nil {
				s.of(b.keys[i]).waits.delete(string(b.keys[i]))
			}
		}
	}
	s.unlock(set)
}

// serve hands the elements of e, the list at key, to the pops that wait for
// them, and removes the list if none are left. The caller has locked sh.
func (s *store) serve(sh *shard, key []byte, e *entry) {
	q := sh.waits.m[string(key)]
	for q != nil && e.list.len() > 0 {
		n := q.first
		q.remove(n)
		if q.first == nil {
			sh.waits.delete(string(key))
			q = nil
		}
		b := n.pop
		if !b.served.CompareAndSwap(false, true) {
			continue // a push to another of its keys was first
		}
		b.key, b.val = append([]byte(nil), key...), e.list.pop(b.left)
		b.waker.Wake()
	}
	if e.list.len() == 0 {
		sh.remove(e)
	}
}

// giveBack returns an element that was handed to a pop whose client is gone.
func (s *store) giveBack(b *blockedPop, now int64) {
	sh := s.lock(b.key)
	defer sh.mu.Unlock()
	e := sh.find(b.key, now)
	if e == nil {
		e = sh.add(b.key)
		e.list = new(deque)
	}
	if e.list == nil {
		return // the key has become a string meanwhile: there is no list to return it to
	}
	e.list.push(b.left, b.val)
	s.serve(sh, b.key, e)
}

// block makes the connection's task wait for one of keys. The caller has
// locked their shards.
func (c *conn) block(keys [][]byte, left bool, timeout time.Duration) {
	own, size := make([][]byte, len(keys)), 0
	for i, k := range keys {
		own[i] = append([]byte(nil), k...)
		size += popSize(len(k))
	}
	l := c.loop
	b := &blockedPop{store: c.db(), left: left, keys: own, size: size, waker: c.WakerRef().Clone()}
	b.store.enqueue(b)
	if timeout > 0 {
		l.timers.set(&b.timer, l.now+timeout, c.WakerRef())
	}
	c.pop = b
	c.label()
	l.srv.counters.blocked.Add(1)
}

// unblock ends the wait, and returns whether it was served.
func (c *conn) unblock() (b *blockedPop, served bool) {
	l := c.loop
	b, c.pop = c.pop, nil
	c.label()
	b.store.leave(b)
	l.timers.stop(&b.timer)
	l.srv.counters.blocked.Add(-1)
	if served = b.served.Load(); !served {
		b.waker.Drop()
	}
	return b, served
}

// popDue reports whether the wait is over: served, or timed out. A timer
// that was set and is no longer has fired.
func (b *blockedPop) popDue(now time.Duration) bool {
	return b.served.Load() || b.timer.at > 0 && b.timer.at <= now
}
