package protoactor

import (
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"
)

func TestBounded(t *testing.T) {
	for name, p := range map[string]actor.MailboxProducer{
		"State":       Bounded(2),
		"task":        ScheduledBounded(newExecutor(t, 2), 2),
		"proto.actor": actor.Bounded(2),
	} {
		t.Run(name, func(t *testing.T) {
			l := &log{gate: make(chan struct{}), entered: make(chan string)}
			m := made(p, l)
			m.PostUserMessage(1)
			<-l.entered
			m.PostUserMessage(2)
			m.PostUserMessage(3)
			posted := make(chan struct{})
			go func() {
				m.PostUserMessage(4) // waits
				close(posted)
			}()
			for range 3 {
				l.gate <- struct{}{}
				<-l.entered
			}
			<-posted
			l.gate <- struct{}{}
			l.want(t, "u1", "u2", "u3", "u4")
		})
	}
}

func TestBoundedWaits(t *testing.T) {
	var b box
	b.init(nil, 1, false, nil)
	b.postUser(1)
	posted := make(chan struct{})
	go func() {
		b.postUser(2)
		close(posted)
	}()
	select {
	case <-posted:
		t.Fatal("a full mailbox took a message")
	case <-time.After(10 * time.Millisecond):
	}
	b.take()
	<-posted
}

func TestBoundedDropping(t *testing.T) {
	for name, p := range map[string]actor.MailboxProducer{
		"State": BoundedDropping(2),
		"task":  ScheduledBoundedDropping(newExecutor(t, 2), 2),
	} {
		t.Run(name, func(t *testing.T) {
			l := &log{gate: make(chan struct{}), entered: make(chan string)}
			m := made(p, l)
			m.PostUserMessage(1)
			<-l.entered
			for i := 2; i <= 5; i++ {
				m.PostUserMessage(i)
			}
			for range 2 {
				l.gate <- struct{}{}
				<-l.entered
			}
			l.gate <- struct{}{}
			l.want(t, "u1", "u4", "u5")
		})
	}
}
