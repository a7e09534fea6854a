// Package protoactor has mailboxes for actors of proto.actor (protoactor-go), made
// of a rouse.State, and of a task of rouse, and a dispatcher.
//
//	props := actor.PropsFromProducer(newAccount, actor.WithMailbox(protoactor.Unbounded()))
//
// Unbounded, Bounded and BoundedDropping work with every dispatcher of proto.actor.
// Scheduled and its kin run actors as tasks on a scheduler of rouse, such as
// examples/executor; NewDispatcher does so with any mailbox. The program in cluster
// has them in every member of a cluster.
package protoactor

import (
	"runtime"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/rouse-go/rouse"
)

// Unbounded returns a producer of mailboxes that take any number of messages.
func Unbounded(middlewares ...actor.MailboxMiddleware) actor.MailboxProducer {
	return producer(0, false, middlewares)
}

// Bounded returns a producer of mailboxes that hold size user messages. Whoever
// posts to a full one waits. Messages of the system are not counted.
func Bounded(size int, middlewares ...actor.MailboxMiddleware) actor.MailboxProducer {
	return producer(size, false, middlewares)
}

// BoundedDropping is Bounded, but a post to a full mailbox drops the oldest user
// message instead of waiting.
func BoundedDropping(size int, middlewares ...actor.MailboxMiddleware) actor.MailboxProducer {
	return producer(size, true, middlewares)
}

func producer(size int, drops bool, middlewares []actor.MailboxMiddleware) actor.MailboxProducer {
	return func() actor.Mailbox {
		m := new(mailbox)
		m.init(m.state.Load, size, drops, middlewares)
		m.run = m.runs
		return m
	}
}

// A mailbox is run by the dispatcher of its actor. Its State is idle, notified, or
// running, and never closed: an actor that stops takes itself from the registry,
// and what comes late is a dead letter.
type mailbox struct {
	state rouse.State
	box
	dispatcher actor.Dispatcher
	run        func() // m.runs, made once, since a method value allocates
	shared     bool   // the dispatcher has few workers, for which others wait
}

// PostUserMessage adds a message. The messages of a batch come before the batch.
func (m *mailbox) PostUserMessage(message any) {
	for _, one := range batch(message) {
		m.PostUserMessage(one)
	}
	if m.postUser(message) {
		m.notify()
	}
}

// PostSystemMessage adds a message that is handled before those of users.
func (m *mailbox) PostSystemMessage(message any) {
	if m.postSystem(message) {
		m.notify()
	}
}

func (m *mailbox) notify() {
	if m.state.Notify() {
		m.dispatcher.Schedule(m.run)
	}
}

// RegisterHandlers is called once, before any message is posted.
func (m *mailbox) RegisterHandlers(invoker actor.MessageInvoker, dispatcher actor.Dispatcher) {
	m.invoker, m.dispatcher, m.throughput = invoker, dispatcher, dispatcher.Throughput()
	_, m.shared = dispatcher.(*workers)
}

// runs is what the dispatcher calls, once for each Schedule.
func (m *mailbox) runs() {
	for m.state.Begin() {
		for !m.handle() {
			if m.shared && m.state.Yield() {
				m.dispatcher.Schedule(m.run) // the others first
				return
			}
			runtime.Gosched() // as proto.actor's own mailbox does after so many messages
		}
		if !m.state.End() {
			return
		}
	}
}

// batch returns the messages of a batch, nil if message is none.
func batch(message any) []any {
	if e, ok := message.(*actor.MessageEnvelope); ok {
		message = e.Message
	}
	if b, ok := message.(actor.MessageBatch); ok {
		return b.GetMessages()
	}
	return nil
}
