package lost

import (
	"testing"

	"github.com/rouse-go/rouse"
)

var idle = rouse.NewVtable(rouse.Ops[struct{ rouse.Header }]{
	Schedule: func(*struct{ rouse.Header }, rouse.Notified, rouse.Reason) {},
	Yield:    func(*struct{ rouse.Header }, rouse.Notified) { counted++ }, // want `which has no name here`
})

var counted int

func TestEmpty(t *testing.T) {
	var q rouse.RunQueue
	if _, ok := q.Pop(); ok {
		t.Error("not empty")
	}
	measure := func(f func()) { f() }
	measure(func() { q.Pop() })
	measure(func() {
		if t.Failed() {
			q.Pop() // want `the Notified that Pop returns is discarded`
		}
	})
	q.Pop() // want `the Notified that Pop returns is discarded`
}
