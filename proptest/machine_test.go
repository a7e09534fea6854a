package proptest_test

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// An act is a step that a machine can make when its guard holds.
type act struct {
	name  string
	guard func() bool
	do    func(*rapid.T)
}

func always() bool { return true }

// check checks a property, and says for the summary of all proofs with how
// many cases.
func check(t *testing.T, property func(*rapid.T)) {
	cases := 0
	defer func() {
		failed := 0
		if t.Failed() {
			failed = 1
		}
		t.Logf("proof\tproperties\t1\t%d", failed)
		t.Logf("proof\tcases\t%d\t%d", cases, failed)
	}()
	rapid.Check(t, func(r *rapid.T) {
		cases++
		property(r)
	})
}

// maxSteps bounds a run: a fuzzer's input may ask for any number.
const maxSteps = 200

// machine makes random steps out of those whose guards hold, and checks the
// invariants before the first and after each.
func machine(t *rapid.T, check func(*rapid.T), acts ...act) {
	steps := 0
	t.Repeat(map[string]func(*rapid.T){
		"": func(t *rapid.T) {
			if steps <= maxSteps {
				check(t)
			}
		},
		"step": func(t *rapid.T) {
			if steps++; steps > maxSteps {
				return
			}
			var open []act
			var names []string
			for _, a := range acts {
				if a.guard() {
					open, names = append(open, a), append(names, a.name)
				}
			}
			name := rapid.SampledFrom(names).Draw(t, "act")
			open[slices.Index(names, name)].do(t)
		},
	})
}

// pick draws one of the elements.
func pick[T any](t *rapid.T, s []T, what string) T {
	return s[rapid.IntRange(0, len(s)-1).Draw(t, what)]
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// panicOf returns what f panics with, or nil.
func panicOf(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}
