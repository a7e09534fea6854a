//go:build rouse_explore

package scenarios

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A Scenario is a program on the kit, to be run under every interleaving.
type Scenario struct {
	Group string
	Name  string
	body  func(w *world)
	Full  bool // not in the quick set
}

// Run searches the scenario.
func (s Scenario) Run(c explore.Config) explore.Report { return explore.Run(s.config(c), s.exec) }

// Replay runs the one schedule that the token of a failure stands for.
func (s Scenario) Replay(token string) (explore.Report, error) {
	return explore.Replay(token, s.config(explore.Config{}), s.exec)
}

func (s Scenario) config(c explore.Config) explore.Config {
	c.Name = s.Group + "/" + s.Name
	c.Format = func(v uint64) string { return rouse.Snapshot(v).String() }
	c.RetryLoops = true
	return c
}

func (s Scenario) exec(x *explore.Exec) { s.body(newWorld(x)) }
