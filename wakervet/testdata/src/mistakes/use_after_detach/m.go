// Package m joins what it detached.
package m

import (
	"context"

	"github.com/rouse-go/rouse"
)

func Do(ctx context.Context, j *rouse.JoinHandle[int]) {
	j.Detach()
	j.Join(ctx) // MISTAKE: wakerconsumed
}
