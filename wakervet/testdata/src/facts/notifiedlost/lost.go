package lost

import (
	"notes"

	"github.com/rouse-go/rouse"
)

type sched struct{}

func (sched) Schedule(n rouse.Notified, _ rouse.Reason) { // want `the Notified n is not run, dropped or queued`
	notes.Log(nil, n)
}

func (sched) Yield(n rouse.Notified) { n.Drop() }
