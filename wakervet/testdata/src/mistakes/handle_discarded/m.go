// Package m can never join.
package m

import (
	"github.com/rouse-go/rouse"
)

func Do(s rouse.Scheduler) {
	rouse.Spawn[int](s, rouse.Ready(1)) // MISTAKE: wakerdiscard
}
