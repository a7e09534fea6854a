package protoactor

import (
	"github.com/asynkron/protoactor-go/actor"

	"github.com/rouse-go/rouse"
)

// Scheduled returns a producer of mailboxes that are tasks of a scheduler: the
// dispatcher of the actor is not used, but for its Throughput. No goroutine is
// started for an actor that has something to do; the workers of s run them all.
func Scheduled(s rouse.Scheduler, middlewares ...actor.MailboxMiddleware) actor.MailboxProducer {
	return scheduled(s, 0, false, middlewares)
}

// ScheduledBounded is Scheduled, with at most size user messages, as in Bounded. A
// task that posts to a full mailbox waits with its worker: the workers of s must not
// all do so. ScheduledBoundedDropping never waits.
func ScheduledBounded(s rouse.Scheduler, size int, middlewares ...actor.MailboxMiddleware) actor.MailboxProducer {
	return scheduled(s, size, false, middlewares)
}

// ScheduledBoundedDropping is Scheduled, with at most size user messages, as in
// BoundedDropping.
func ScheduledBoundedDropping(s rouse.Scheduler, size int, middlewares ...actor.MailboxMiddleware) actor.MailboxProducer {
	return scheduled(s, size, true, middlewares)
}

func scheduled(s rouse.Scheduler, size int, drops bool, middlewares []actor.MailboxMiddleware) actor.MailboxProducer {
	return func() actor.Mailbox {
		m := &taskMailbox{scheduler: s}
		m.init(m.Snapshot, size, drops, middlewares)
		tasks.Init(m)
		return m
	}
}

// A taskMailbox is a task of level 1, which whoever posts wakes.
type taskMailbox struct {
	rouse.Header
	box
	scheduler rouse.Scheduler
}

var tasks = rouse.NewVtable(rouse.Ops[taskMailbox]{
	Poll:     (*taskMailbox).poll,
	Cancel:   func(*taskMailbox, rouse.Cause) {},
	Schedule: func(m *taskMailbox, n rouse.Notified, why rouse.Reason) { m.scheduler.Schedule(n, why) },
	Yield:    func(m *taskMailbox, n rouse.Notified) { m.scheduler.Yield(n) },

	// The actor has the mailbox, and the collector frees both.
	Uncounted: true,
})

// poll handles what may be handled at a time. It is never ready: an actor that
// stops is not told to its mailbox.
func (m *taskMailbox) poll(rouse.Context) (ready bool) {
	if !m.handle() {
		m.Wake() // the others first
	}
	return false
}

func (m *taskMailbox) PostUserMessage(message any) {
	for _, one := range batch(message) {
		m.PostUserMessage(one)
	}
	if m.postUser(message) {
		m.Wake()
	}
}

func (m *taskMailbox) PostSystemMessage(message any) {
	if m.postSystem(message) {
		m.Wake()
	}
}

func (m *taskMailbox) RegisterHandlers(invoker actor.MessageInvoker, dispatcher actor.Dispatcher) {
	m.invoker, m.throughput = invoker, dispatcher.Throughput()
}
