//go:build rouse_explore

package executor

import "github.com/rouse-go/rouse/proptest/explore"

type (
	word  = explore.Uint64
	mutex = explore.Mutex
)

func at(place string) {
	if x := explore.Current(); x != nil {
		x.At(place)
	}
}

func writes[T any](p *T, what string) { explore.Writes(p, what) }
