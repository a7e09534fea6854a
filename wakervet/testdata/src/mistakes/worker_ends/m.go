// Package m has a worker that one panic ends.
package m

import (
	"github.com/rouse-go/rouse"
)

func start(q *rouse.RunQueue) {
	go func() {
		defer func() {
			recover() // MISTAKE: workerends
		}()
		for n, ok := q.Pop(); ok; n, ok = q.Pop() {
			n.Run()
		}
	}()
}
