// Ops runs one operation of the kit, or of its twins in the standard library,
// and prints what it cost; see harness.Main.
package main

import (
	"maps"

	"github.com/rouse-go/rouse/bench"
	"github.com/rouse-go/rouse/bench/harness"
)

func main() {
	ops := bench.Kit()
	maps.Copy(ops, bench.Twins())
	harness.Main("ops", ops)
}
