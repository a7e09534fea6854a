//go:build rouse_explore

package gallery

import (
	"fmt"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// goroutines returns what stands for the go statement: it starts a thread.
func goroutines(x *explore.Exec, name string) (spawn func(func())) {
	started := new(explore.Ghost[int])
	x.Name(started, name+"s")
	return func(f func()) {
		increment(started)
		x.Go(fmt.Sprintf("%s %d", name, started.Get()), f)
	}
}

func increment(n *explore.Ghost[int]) { n.Set(n.Get() + 1) }

// A host is a scheduler that runs each Notified on a goroutine of its own.
type host struct{ spawn func(func()) }

func newHost(x *explore.Exec) host {
	rouse.Restart()
	return host{goroutines(x, "run")}
}

func (h host) Schedule(n rouse.Notified, _ rouse.Reason) { h.spawn(n.Run) }
func (h host) Yield(n rouse.Notified)                    { h.spawn(n.Run) }

// A probe is a future that counts. It is ready when done says so; if done is nil, at once.
type probe struct {
	done  func(cx rouse.Context) bool
	polls explore.Ghost[int]
	drops explore.Ghost[int]
}

func (p *probe) Poll(cx rouse.Context) (int, bool) {
	increment(&p.polls)
	return p.polls.Get(), p.done == nil || p.done(cx)
}

func (p *probe) Drop() { increment(&p.drops) }
