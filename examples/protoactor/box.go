package protoactor

import (
	"sync"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/rouse-go/rouse"
)

// A box holds the messages of a mailbox, and handles them. Both kinds of mailbox
// have one; they differ in how they are run.
//
// The box says whether a post has to notify: only one that ends a time in which
// there was nothing to handle. Whoever ended it notifies, so a post that finds
// something to handle need not. A run ends only after it has found nothing, or has
// taken what was the last, and no post has notified since.
type box struct {
	mu     sync.Mutex
	room   sync.Cond // of a bounded box: there is room again
	user   ring
	system ring

	bound   int  // of user; 0 is none
	drops   bool // the oldest message, instead of waiting for room
	waiting int  // how many posts wait for room

	// suspended says that no user message is handled until the message comes that
	// resumes the mailbox.
	suspended bool

	word        func() rouse.Snapshot // of the State or the Header
	invoker     actor.MessageInvoker
	middlewares []actor.MailboxMiddleware
	throughput  int
}

func (b *box) init(word func() rouse.Snapshot, bound int, drops bool, middlewares []actor.MailboxMiddleware) {
	b.word, b.bound, b.drops, b.middlewares = word, bound, drops, middlewares
	b.room.L = &b.mu
}

// Start is called when the actor has been spawned.
func (b *box) Start() {
	for _, m := range b.middlewares {
		m.MailboxStarted()
	}
}

// UserMessageCount returns the number of user messages that were not handled.
func (b *box) UserMessageCount() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.user.length
}

// idle reports whether there is nothing to handle. The lock is held.
func (b *box) idle() bool { return b.system.length == 0 && (b.suspended || b.user.length == 0) }

func (b *box) postUser(message any) (notify bool) {
	for _, m := range b.middlewares {
		m.MessagePosted(message)
	}
	b.mu.Lock()
	for b.bound > 0 && b.user.length >= b.bound {
		if b.drops {
			b.user.pop()
			break
		}
		b.waiting++
		b.room.Wait()
		b.waiting--
	}
	notify = b.idle() && !b.suspended
	b.user.push(message)
	b.mu.Unlock()
	return notify
}

func (b *box) postSystem(message any) (notify bool) {
	for _, m := range b.middlewares {
		m.MessagePosted(message)
	}
	b.mu.Lock()
	notify = b.idle()
	b.system.push(message)
	b.mu.Unlock()
	return notify
}

// take removes the message to handle next: those of the system come first. The
// message is nil if there is none, and last says that there is none after it.
func (b *box) take() (message any, system, last bool) {
	b.mu.Lock()
	switch {
	case b.system.length > 0:
		message, system = b.system.pop(), true
		switch message.(type) {
		case *actor.SuspendMailbox:
			b.suspended = true
		case *actor.ResumeMailbox:
			b.suspended = false
		}
	case !b.suspended && b.user.length > 0:
		message = b.user.pop()
		if b.waiting > 0 {
			b.room.Signal()
		}
	}
	last = b.idle()
	b.mu.Unlock()
	return message, system, last
}

// handle handles messages until there are none, and reports true then, or until it
// has handled as many as the dispatcher allows at a time. An actor that panics is
// reported to its supervisor, and the rest is handled all the same.
func (b *box) handle() (empty bool) {
	var message any
	defer func() {
		if r := recover(); r != nil {
			b.invoker.EscalateFailure(r, message)
		}
	}()
	for range b.throughput + 1 {
		var system, last bool
		if message, system, last = b.take(); message != nil {
			b.invoke(message, system)
			for _, m := range b.middlewares {
				m.MessageReceived(message)
			}
		}
		if message == nil || last && !b.word().Notified() {
			b.empty()
			return true
		}
	}
	return false
}

func (b *box) invoke(message any, system bool) {
	if !system {
		b.invoker.InvokeUserMessage(message)
		return
	}
	switch message.(type) {
	case *actor.SuspendMailbox, *actor.ResumeMailbox: // take has done it
	default:
		b.invoker.InvokeSystemMessage(message)
	}
}

// empty tells middlewares that no message is left.
func (b *box) empty() {
	if len(b.middlewares) > 0 && !b.suspended {
		for _, m := range b.middlewares {
			m.MailboxEmpty()
		}
	}
}
