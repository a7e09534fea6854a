// Package m joins in a poll.
package m

import (
	"context"

	"github.com/rouse-go/rouse"
)

type fut struct{ j rouse.JoinHandle[int] }

func (f *fut) Poll(cx rouse.Context) (int, bool) {
	v, _ := f.j.Join(context.Background()) // MISTAKE: pollblocks
	return v, true
}
