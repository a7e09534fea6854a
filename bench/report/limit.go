package main

import (
	"github.com/rouse-go/rouse/bench"
)

// lockedRow is what one locked instruction costs, measured in the same run.
const lockedRow = "locked add"

// limit is the least that the kit's operation of a row can take on the machine:
// the locked instructions that its budget allows, times the cost of one. It is 0
// if there is no budget, or the cost was not measured.
func (r *record) limit(row row) (ns float64, rmws int) {
	rmws = bench.Limits()[row.ours]
	return float64(rmws) * r.median(lockedRow, "locked"), rmws
}

// ofLimit returns how many times the limit a figure is.
func (r *record) ofLimit(row row, ns float64) (times float64, ok bool) {
	limit, _ := r.limit(row)
	if limit == 0 {
		return 0, false
	}
	return ns / limit, true
}
