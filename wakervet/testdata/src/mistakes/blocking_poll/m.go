// Package m waits in a poll.
package m

import (
	"github.com/rouse-go/rouse"
)

type fut struct{ c chan int }

func (f *fut) Poll(cx rouse.Context) (int, bool) {
	return <-f.c, true // MISTAKE: pollblocks
}
