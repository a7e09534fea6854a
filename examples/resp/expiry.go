package resp

import "container/heap"

// An expiry is when a key goes, and its place in its shard's queue of those.
type expiry struct {
	at    int64 // Unix milliseconds
	index int
	entry *entry
}

// An expiryQueue is a heap: the key that goes first is at its top.
type expiryQueue []*expiry

func (q *expiryQueue) add(x *expiry) { heap.Push(q, x) }

func (q *expiryQueue) remove(x *expiry) { heap.Remove(q, x.index) }

func (q *expiryQueue) move(x *expiry, at int64) {
	x.at = at
	heap.Fix(q, x.index)
}

func (q expiryQueue) Len() int           { return len(q) }
func (q expiryQueue) Less(i, j int) bool { return q[i].at < q[j].at }
func (q expiryQueue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

func (q *expiryQueue) Push(v any) {
	x := v.(*expiry)
	x.index = len(*q)
	*q = append(*q, x)
}

func (q *expiryQueue) Pop() any {
	var x *expiry
	*q, x = popLast(*q)
	return x
}

// popLast takes the last element of s, whose memory shrinks with its length.
func popLast[T any](s []T) (rest []T, last T) {
	var zero T
	n := len(s) - 1
	last, s[n] = s[n], zero
	if s = s[:n]; n < cap(s)/4 {
		s = append(make([]T, 0, 2*n), s...)
	}
	return s, last
}
