// Package scenarios runs the kit through every interleaving of small programs on it. Under the
// build tag rouse_explore the kit's words, pointers, locks and plain slots are the explorer's, so
// what is exhausted is the shipped code:
//
//	go test -tags rouse_explore ./proptest/internal/scenarios          the quick set
//	go test -tags rouse_explore ./proptest/internal/scenarios -full    all
//
// Each scenario states how its tasks must end. Of every task is checked, in every interleaving:
// released exactly once and its word untouched from then on; polls that exclude and see each other;
// at most one Notified; future, output and wakers destroyed exactly once; the joiner resolved; the
// count equal to the wakers alive; what was written before a wake seen by the poll that it causes
// or joins.
package scenarios
