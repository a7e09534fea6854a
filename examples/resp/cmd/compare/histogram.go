package main

import (
	"math/bits"
	"time"
)

// A histogram counts durations in buckets that are within 1/16 of them.
type histogram struct {
	n       int64
	buckets [48 << subBits]int32
}

const subBits = 4

func bucket(ns uint64) int {
	if ns < 1<<subBits {
		return int(ns)
	}
	e := bits.Len64(ns) - 1 - subBits
	return min((e+1)<<subBits+int(ns>>e)&(1<<subBits-1), 48<<subBits-1)
}

// value is the middle of a bucket.
func value(b int) time.Duration {
	if b < 1<<subBits {
		return time.Duration(b)
	}
	e := b>>subBits - 1
	low := uint64(1<<subBits+b&(1<<subBits-1)) << e
	return time.Duration(low + 1<<e/2)
}

func (h *histogram) record(d time.Duration) {
	h.n++
	h.buckets[bucket(uint64(max(d, 0)))]++
}

func (h *histogram) add(o *histogram) {
	h.n += o.n
	for i, c := range o.buckets {
		h.buckets[i] += c
	}
}

// quantile returns the duration that a share q of the recorded ones is within.
func (h *histogram) quantile(q float64) time.Duration {
	rank := int64(q * float64(h.n))
	for b, c := range h.buckets {
		if rank -= int64(c); rank < 0 {
			return value(b)
		}
	}
	return 0
}
