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

func start(work func()) {
	if x := explore.Current(); x != nil {
		x.Daemon("worker", work)
		return
	}
	go work()
}

func reads[T any](p *T, what string)  { explore.Reads(p, what) }
func writes[T any](p *T, what string) { explore.Writes(p, what) }
