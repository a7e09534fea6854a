package resp

import (
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"time"
)

// Limits bound what one client, and all of them, can make the server hold.
type Limits struct {
	MaxBulk    int // bytes of one argument
	MaxArgs    int // arguments of one command
	MaxRequest int // bytes of one command, headers included
	OutSoft    int // unsent output from which a client's requests wait until it reads
	OutHard    int // unsent output, or undelivered messages, at which it is disconnected
	MaxSubs    int // bytes of the channels one client subscribes to: each name, and 512 for its entry
	MaxClients int // connections; a further one gets an error and is closed
	MaxMemory  int // bytes that all clients hold together; the largest are disconnected
}

// DefaultLimits are the limits of a zero Config.
var DefaultLimits = Limits{
	MaxBulk:    16 << 20,
	MaxArgs:    1 << 20,
	MaxRequest: 32 << 20,
	OutSoft:    1 << 20,
	OutHard:    64 << 20,
	MaxSubs:    32 << 20,
	MaxClients: 100_000,
	MaxMemory:  512 << 20,
}

// Config is what a Server is made of. The zero value is a working one.
type Config struct {
	// Loops is how many event loops share the connections; 0 means
	// DefaultLoops.
	Loops int

	// Portable selects the reactor over package net where the platform
	// offers a better one.
	Portable bool

	// Limits: a zero field takes its value from DefaultLimits.
	Limits Limits

	// Linger is how long a refused client may take to read its replies, of
	// which the last one tells why; 0 means a second.
	Linger time.Duration

	// Describe gives the tasks names, and labels while they are blocked or
	// subscribed, for whoever looks at Lists. It costs a map entry for each
	// connection.
	Describe bool

	// OnLoop, if it is not nil, is called with the number of each loop, on the
	// goroutine that is going to run it.
	OnLoop func(i int)

	// Log receives what an operator has to know. Nil means nobody does.
	Log *slog.Logger
}

// DefaultLoops is one loop for every four processors: a loop spends its time
// in the kernel's network stack, on whichever processor the packet came to,
// and on few processors a second loop only takes one away from its clients.
func DefaultLoops() int { return max(1, runtime.GOMAXPROCS(0)/4) }

func (c Config) withDefaults() (Config, error) {
	d := DefaultLimits
	for _, f := range []struct {
		name string
		v    *int
		def  int
	}{
		{"Loops", &c.Loops, DefaultLoops()},
		{"Limits.MaxBulk", &c.Limits.MaxBulk, d.MaxBulk},
		{"Limits.MaxArgs", &c.Limits.MaxArgs, d.MaxArgs},
		{"Limits.MaxRequest", &c.Limits.MaxRequest, d.MaxRequest},
		{"Limits.OutSoft", &c.Limits.OutSoft, d.OutSoft},
		{"Limits.OutHard", &c.Limits.OutHard, d.OutHard},
		{"Limits.MaxSubs", &c.Limits.MaxSubs, d.MaxSubs},
		{"Limits.MaxClients", &c.Limits.MaxClients, d.MaxClients},
		{"Limits.MaxMemory", &c.Limits.MaxMemory, d.MaxMemory},
	} {
		if *f.v == 0 {
			*f.v = f.def
		}
		if *f.v < 0 {
			return c, fmt.Errorf("resp: Config.%s is %d, want a positive number", f.name, *f.v)
		}
	}
	if l := c.Limits; l.OutHard-l.OutSoft <= l.MaxBulk { // the sum could overflow
		return c, fmt.Errorf("resp: Config.Limits.OutHard %d is not above OutSoft %d + MaxBulk %d: a value could be stored but not fetched", l.OutHard, l.OutSoft, l.MaxBulk)
	}
	if l := c.Limits; l.MaxMemory < l.OutHard {
		return c, fmt.Errorf("resp: Config.Limits.MaxMemory %d is below OutHard %d: one client could not hold what it may", l.MaxMemory, l.OutHard)
	}
	if c.Linger <= 0 {
		c.Linger = time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	return c, nil
}
