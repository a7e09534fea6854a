//go:build !rouse_explore

package rouse

import (
	"runtime"
	"testing"
)

// TestEmptyLooksTwice: a task comes to a part of the list that was looked at, and
// then the only other one leaves a part that was not. The list was never empty.
func TestEmptyLooksTwice(t *testing.T) {
	const middle = ownerShards / 2
	for range 50 {
		var l loop
		var o OwnedTasks
		in := func(first, end int) *actor { // one that belongs to such a part
			for {
				a := l.newActor(actors, pending)
				for i := first; i < end; i++ {
					if o.shard(&a.Header) == &o.shards[i] {
						return a
					}
				}
			}
		}
		early, late := in(0, middle), in(middle+1, ownerShards)
		o.Bind(&late.Header)
		o.shards[middle].mu.Lock()
		empty := make(chan bool)
		go func() { empty <- o.isEmpty() }()
		for range 100 { // most of the time it is at the lock by then
			runtime.Gosched()
		}
		o.Bind(&early.Header)
		o.Remove(&late.Header)
		o.shards[middle].mu.Unlock()
		if <-empty {
			t.Fatal("a list that was never empty is found to be so")
		}
	}
}
