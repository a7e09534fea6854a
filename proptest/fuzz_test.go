package proptest_test

import (
	"testing"

	"pgregory.net/rapid"
)

// The properties, for the fuzzer of the go command, which keeps what reaches
// new code: go test -fuzz=FuzzTask ./proptest.

func FuzzVerbs(f *testing.F)      { fuzz(f, verbsProperty) }
func FuzzActor(f *testing.F)      { fuzz(f, actorProperty) }
func FuzzTask(f *testing.F)       { fuzz(f, taskProperty) }
func FuzzWakerCell(f *testing.F)  { fuzz(f, wakerCellProperty) }
func FuzzRunQueue(f *testing.F)   { fuzz(f, runQueueProperty) }
func FuzzLocalQueue(f *testing.F) { fuzz(f, localQueueProperty) }
func FuzzOwned(f *testing.F)      { fuzz(f, ownedProperty) }

// fuzz seeds the corpus with what gives a long run: the bytes are the draws.
func fuzz(f *testing.F, property func(*rapid.T)) {
	for seed := range byte(4) {
		input := make([]byte, 4096)
		for i, x := 0, uint32(seed)+1; i < len(input); i++ {
			x ^= x << 13
			x ^= x >> 17
			x ^= x << 5
			input[i] = byte(x)
		}
		f.Add(input)
	}
	f.Fuzz(rapid.MakeFuzz(property))
}
