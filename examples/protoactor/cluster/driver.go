package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/asynkron/protoactor-go/cluster"
	"github.com/asynkron/protoactor-go/cluster/clusterproviders/automanaged"
)

// A plan is what the driver does: it sends each actor its messages, one after the
// other, each again and again until it is acknowledged. When half of all are, it
// kills a member. At the end it asks each actor for what it has.
type plan struct {
	members, actors, messages int

	// pause suspends the member instead, until the others have its actors and all
	// messages. Then it goes on with what it was told before, and all its actors are
	// there twice.
	pause bool
}

// A result is what came of it.
type result struct {
	acknowledged int
	failed       int // requests without a reply
	known        int // messages that were there when they were sent again
	moved        int // actors that the lost member had, and another has now
	kept         int // messages that these had acknowledged before
}

func (r result) String() string {
	return fmt.Sprintf("%d messages were acknowledged; each is there, once and in its place\n"+
		"%d actors have moved from the lost member, with %d messages that it had acknowledged\n"+
		"%d requests failed; %d messages that were sent again were there already",
		r.acknowledged, r.moved, r.kept, r.failed, r.known)
}

// A driver is a client of the cluster.
type driver struct {
	plan
	processes []*process
	cluster   *cluster.Cluster
	log       *log.Logger

	mu     sync.Mutex
	res    result
	at     map[string]string // the member that has an actor, by the last reply
	count  map[string]int    // of the messages that an actor has acknowledged
	victim *process          // the member that is lost
}

func (p plan) run(ctx context.Context, out io.Writer) (result, error) {
	if p.members < 2 || p.actors < 1 || p.messages < 2 {
		return result{}, errors.New("it takes 2 members, 1 actor and 2 messages at the least")
	}
	dir, err := os.MkdirTemp("", "ledgers")
	if err != nil {
		return result{}, err
	}
	defer os.RemoveAll(dir)
	processes, err := launch(ctx, p.members, dir)
	if err != nil {
		return result{}, err
	}
	defer end(processes)

	d := &driver{plan: p, processes: processes, log: log.New(out, "", 0), at: make(map[string]string), count: make(map[string]int)}
	var addresses []string
	for _, p := range processes {
		addresses = append(addresses, p.alive)
	}
	d.cluster = start(newSystem(), automanaged.NewWithConfig(lookEvery, 0, addresses...))
	d.cluster.StartClient()
	for d.cluster.MemberList.Length() < p.members {
		if err := pause(ctx); err != nil {
			return result{}, fmt.Errorf("waiting for the cluster: %w", err)
		}
	}
	defer d.progress()()
	if err := d.all(ctx, d.feed); err != nil {
		return result{}, err
	}
	if p.pause {
		if err := d.wake(); err != nil {
			return result{}, err
		}
	}
	if err := d.all(ctx, d.check); err != nil {
		return result{}, err
	}
	return d.res, nil
}

// all does f for all actors at once, and returns the first error, which ends them.
func (d *driver) all(ctx context.Context, f func(ctx context.Context, actor string) error) (first error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var group sync.WaitGroup
	var once sync.Once
	for i := range d.actors {
		group.Add(1)
		go func() {
			defer group.Done()
			if err := f(ctx, fmt.Sprintf("ledger-%d", i)); err != nil {
				once.Do(func() { first = err })
				stop()
			}
		}()
	}
	group.Wait()
	return first
}

// feed sends an actor its messages.
func (d *driver) feed(ctx context.Context, actor string) error {
	for n := range d.messages {
		m := messageTo(actor, n)
		r, err := d.add(ctx, actor, m)
		if err != nil {
			return err
		}
		if err := d.acknowledged(actor, r); err != nil {
			return err
		}
		if n%10 == 0 { // as if the reply had been lost
			if r, err = d.add(ctx, actor, m); err == nil && !r.Known {
				err = fmt.Errorf("%s was acknowledged, and is not known", m.ID)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func messageTo(actor string, n int) message {
	return message{ID: fmt.Sprintf("%s/%d", actor, n), Text: fmt.Sprintf("message %d for %s", n, actor)}
}

// acknowledged counts a message. The one that makes it half of all loses a member.
func (d *driver) acknowledged(actor string, r reply) error {
	d.mu.Lock()
	d.at[actor] = r.Member
	d.count[actor]++
	d.res.acknowledged++
	half := d.res.acknowledged == d.actors*d.messages/2
	if half {
		d.choose()
	}
	moved := d.res.moved
	d.mu.Unlock()
	if !half {
		return nil
	}
	how, lose := "killing", d.victim.kill
	if d.pause {
		how, lose = "suspending", d.victim.suspend
	}
	d.log.Printf("%s member %s, process %d, which has %d actors", how, d.victim.name, d.victim.cmd.Process.Pid, moved)
	return lose()
}

// choose makes the member a victim that has the most actors with messages to come.
// The lock is held.
func (d *driver) choose() {
	actors := make(map[string]int)
	for actor, member := range d.at {
		if d.count[actor] < d.messages {
			actors[member]++
		}
	}
	d.victim = slices.MaxFunc(d.processes, func(a, b *process) int { return actors[a.name] - actors[b.name] })
	for actor, member := range d.at {
		if member == d.victim.name {
			d.res.moved++
			d.res.kept += d.count[actor]
		}
	}
}

// wake lets a suspended member go on, and waits until an actor there has found out
// that it was activated again.
func (d *driver) wake() error {
	if err := d.victim.resume(); err != nil {
		return err
	}
	line, err := d.victim.line()
	d.log.Printf("member %s goes on: %s", d.victim.name, line)
	return err
}

// check compares what an actor has with what it was sent.
func (d *driver) check(ctx context.Context, actor string) error {
	r, err := d.ask(ctx, actor, &cluster.GrainRequest{MethodIndex: list})
	if err != nil {
		return err
	}
	if r.Member == d.victim.name {
		return fmt.Errorf("%s: member %s answers, which was lost", actor, r.Member)
	}
	var sent []message
	for n := range d.messages {
		sent = append(sent, messageTo(actor, n))
	}
	return compare(actor, sent, r.Messages)
}

// compare returns an error unless an actor has what it was sent, each message once,
// and in the order in which they were sent.
func compare(actor string, sent, has []message) error {
	times := make(map[message]int)
	for _, m := range has {
		times[m]++
	}
	for _, m := range sent {
		if times[m] != 1 {
			return fmt.Errorf("%s: %s was acknowledged, and is there %d times", actor, m.ID, times[m])
		}
	}
	if !slices.Equal(sent, has) {
		return fmt.Errorf("%s: all that was sent is there, but with other messages or in another order", actor)
	}
	return nil
}

func (d *driver) add(ctx context.Context, actor string, m message) (reply, error) {
	data, err := json.Marshal(m)
	if err != nil {
		return reply{}, err
	}
	r, err := d.ask(ctx, actor, &cluster.GrainRequest{MethodIndex: add, MessageData: data})
	if r.Known {
		d.mu.Lock()
		d.res.known++
		d.mu.Unlock()
	}
	return r, err
}

// ask sends a request until there is a reply. After a failure it forgets where the
// actor was, and asks the cluster.
func (d *driver) ask(ctx context.Context, actor string, request *cluster.GrainRequest) (r reply, err error) {
	for {
		res, err := d.cluster.Request(actor, kind, request, cluster.WithTimeout(time.Second), cluster.WithRetryCount(1))
		switch res := res.(type) {
		case *cluster.GrainResponse:
			return r, json.Unmarshal(res.MessageData, &r)
		case *cluster.GrainErrorResponse:
			err = errors.New(res.Message)
		}
		d.mu.Lock()
		d.res.failed++
		d.mu.Unlock()
		d.cluster.PidCache.Remove(actor, kind)
		if ended := pause(ctx); ended != nil {
			return r, fmt.Errorf("%s: %w: %w", actor, ended, err)
		}
	}
}

// pause waits a moment, and returns an error if ctx has ended.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(100 * time.Millisecond):
		return nil
	}
}

// progress writes a line each second until stop is called.
func (d *driver) progress() (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for second := 1; ; second++ {
			select {
			case <-quit:
				return
			case <-tick.C:
				d.mu.Lock()
				res := d.res
				d.mu.Unlock()
				d.log.Printf("%2d s: %d of %d messages acknowledged, %d requests failed; the cluster has %d members",
					second, res.acknowledged, d.actors*d.messages, res.failed, d.cluster.MemberList.Length())
			}
		}
	}()
	return func() {
		close(quit)
		<-done
	}
}
