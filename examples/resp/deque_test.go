package resp

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestDeque(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var d deque
	var model [][]byte
	for i := range 20_000 {
		left := rnd.IntN(2) == 0
		// Long phases of growing and of shrinking.
		if grow := i/2000%2 == 0; len(model) == 0 || (rnd.IntN(4) > 0) == grow {
			v := []byte(fmt.Sprint(i))
			d.push(left, v)
			if left {
				model = slices.Insert(model, 0, v)
			} else {
				model = append(model, v)
			}
		} else {
			want := model[len(model)-1]
			if left {
				want = model[0]
				model = model[1:]
			} else {
				model = model[:len(model)-1]
			}
			if got := d.pop(left); string(got) != string(want) {
				t.Fatalf("step %d: popped %s, want %s", i, got, want)
			}
		}
		if d.len() != len(model) {
			t.Fatalf("step %d: length %d, want %d", i, d.len(), len(model))
		}
		if len(d.ring) > minRing && d.n < len(d.ring)/4 {
			t.Fatalf("step %d: %d elements in a ring of %d", i, d.n, len(d.ring))
		}
	}
	for i, want := range model {
		if string(d.at(i)) != string(want) {
			t.Fatalf("element %d is %s, want %s", i, d.at(i), want)
		}
	}
}
