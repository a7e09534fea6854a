//go:build rouse_explore

package executor

import "github.com/rouse-go/rouse/proptest/explore"

type word = explore.Uint64

type mutex = explore.Mutex

const searchRounds = 1

func at(place string) {
	if x := explore.Current(); x != nil {
		x.At(place)
	}
}

// exploring is set by the tests while they explore. A worker that the explorer
// unwinds is not started again.
var exploring bool

func start(work func()) {
	if !exploring {
		go work()
	} else if x := explore.Current(); x != nil {
		x.Daemon("worker", work)
	}
}

func reads[T any](p *T, what string)  { explore.Reads(p, what) }
func writes[T any](p *T, what string) { explore.Writes(p, what) }
