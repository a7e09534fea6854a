package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/asynkron/protoactor-go/actor"
	"github.com/asynkron/protoactor-go/cluster"
)

// The methods of a ledger, as a GrainRequest numbers them.
const (
	add  int32 = iota // a message, in JSON; it is in the journal before the reply
	list              // all messages
)

// A reply is what a ledger answers, in JSON.
type reply struct {
	Member   string // that has the actor
	Epoch    int    // of its activation
	Known    bool   // add: the message was there
	Messages []message
}

// A ledger is a virtual actor that keeps messages. It answers what its journal has,
// so nobody notices that it was activated on another member but by the reply.
type ledger struct {
	member, dir string
	journal     *journal
}

func (l *ledger) Receive(c actor.Context) {
	switch m := c.Message().(type) {
	case *cluster.ClusterInit:
		var err error
		if l.journal, err = open(filepath.Join(l.dir, m.Identity.Identity)); err != nil {
			c.Logger().Error("the journal cannot be opened", "error", err)
			c.Stop(c.Self()) // who asks is told that there is no such actor, and asks again
		}
	case *cluster.GrainRequest:
		l.serve(c, m)
	case *actor.Stopped, *actor.Restarting:
		if l.journal != nil {
			l.journal.close()
		}
	}
}

// serve answers a request. If the journal fails or is fenced, this activation has
// nothing more to say.
func (l *ledger) serve(c actor.Context, m *cluster.GrainRequest) {
	r, err := l.do(m)
	if errors.Is(err, errFenced) {
		fmt.Println("fenced", filepath.Base(l.journal.dir)) // the driver may wait for it
	}
	if err != nil {
		c.Respond(&cluster.GrainErrorResponse{Reason: "journal", Message: err.Error()})
		c.Stop(c.Self())
		return
	}
	data, err := json.Marshal(r)
	if err != nil {
		panic(err) // a reply has nothing that JSON has not
	}
	c.Respond(&cluster.GrainResponse{MessageData: data})
}

func (l *ledger) do(m *cluster.GrainRequest) (r reply, err error) {
	r = reply{Member: l.member, Epoch: l.journal.epoch}
	if m.MethodIndex == list {
		r.Messages = l.journal.messages
		return r, l.journal.current()
	}
	var received message
	if err := json.Unmarshal(m.MessageData, &received); err != nil {
		return r, err
	}
	r.Known, err = l.journal.append(received)
	return r, err
}
