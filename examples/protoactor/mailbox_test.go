package protoactor

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/rouse-go/rouse/examples/executor"
)

func newExecutor(t testing.TB, workers int) *executor.Executor {
	e := executor.New(workers)
	t.Cleanup(func() {
		ctx, stop := context.WithTimeout(context.Background(), time.Minute)
		defer stop()
		if err := e.Shutdown(ctx); err != nil {
			t.Error(err)
		}
	})
	return e
}

// kinds are the mailboxes that every test is about. The last is proto.actor's own,
// whose behaviour is what is wanted.
func kinds(t testing.TB) map[string]func(...actor.MailboxMiddleware) actor.MailboxProducer {
	e := newExecutor(t, 2)
	d := NewDispatcher(e, 300)
	return map[string]func(...actor.MailboxMiddleware) actor.MailboxProducer{
		"State": Unbounded,
		"State on workers": func(ms ...actor.MailboxMiddleware) actor.MailboxProducer {
			return on(d, Unbounded(ms...))
		},
		"task": func(ms ...actor.MailboxMiddleware) actor.MailboxProducer {
			return Scheduled(e, ms...)
		},
		"proto.actor on workers": func(ms ...actor.MailboxMiddleware) actor.MailboxProducer {
			return on(d, actor.Unbounded(ms...))
		},
		"proto.actor": actor.Unbounded,
	}
}

// on returns a producer of mailboxes that d runs, whatever dispatcher they are given.
func on(d actor.Dispatcher, p actor.MailboxProducer) actor.MailboxProducer {
	return func() actor.Mailbox { return dispatched{p(), d} }
}

type dispatched struct {
	actor.Mailbox
	d actor.Dispatcher
}

func (d dispatched) RegisterHandlers(i actor.MessageInvoker, _ actor.Dispatcher) {
	d.Mailbox.RegisterHandlers(i, d.d)
}

// A log is an invoker that remembers what it was given.
type log struct {
	mu       sync.Mutex
	got      []string
	failures []any
	gate     chan struct{} // if it is not nil, each message waits here
	entered  chan string
}

func (l *log) add(kind string, m any) {
	s := fmt.Sprint(kind, m)
	if l.gate != nil {
		l.entered <- s
		<-l.gate
	}
	l.mu.Lock()
	l.got = append(l.got, s)
	l.mu.Unlock()
	if m == "panic" {
		panic("as asked")
	}
}

func (l *log) InvokeUserMessage(m any)   { l.add("u", m) }
func (l *log) InvokeSystemMessage(m any) { l.add("s", m) }
func (l *log) EscalateFailure(r, m any) {
	l.mu.Lock()
	l.failures = append(l.failures, r, m)
	l.mu.Unlock()
}

func (l *log) want(t *testing.T, what ...string) {
	t.Helper()
	for range 5000 {
		l.mu.Lock()
		got := slices.Clone(l.got)
		l.mu.Unlock()
		if slices.Equal(got, what) {
			return
		}
		time.Sleep(time.Millisecond)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	t.Errorf("got %v, want %v", l.got, what)
}

func made(p actor.MailboxProducer, i actor.MessageInvoker) actor.Mailbox {
	m := p()
	m.RegisterHandlers(i, actor.NewDefaultDispatcher(300))
	m.Start()
	return m
}

func each(t *testing.T, f func(t *testing.T, p func(...actor.MailboxMiddleware) actor.MailboxProducer)) {
	for name, p := range kinds(t) {
		t.Run(name, func(t *testing.T) { f(t, p) })
	}
}

// Messages of the system overtake, and the count is of the user's.
func TestPriority(t *testing.T) {
	each(t, func(t *testing.T, p func(...actor.MailboxMiddleware) actor.MailboxProducer) {
		l := &log{gate: make(chan struct{}), entered: make(chan string)}
		m := made(p(), l)
		m.PostUserMessage(1)
		<-l.entered
		m.PostUserMessage(2)
		m.PostUserMessage(3)
		m.PostSystemMessage(4)
		if n := m.UserMessageCount(); n != 2 {
			t.Errorf("%d messages wait", n)
		}
		for range 3 {
			l.gate <- struct{}{}
			<-l.entered
		}
		l.gate <- struct{}{}
		l.want(t, "u1", "s4", "u2", "u3")
		if n := m.UserMessageCount(); n != 0 {
			t.Errorf("%d messages wait at the end", n)
		}
	})
}

func TestSuspend(t *testing.T) {
	each(t, func(t *testing.T, p func(...actor.MailboxMiddleware) actor.MailboxProducer) {
		l := new(log)
		m := made(p(), l)
		m.PostSystemMessage(&actor.SuspendMailbox{})
		m.PostUserMessage(1)
		m.PostSystemMessage(2)
		m.PostUserMessage(3)
		l.want(t, "s2")
		if n := m.UserMessageCount(); n != 2 {
			t.Errorf("%d messages wait", n)
		}
		m.PostSystemMessage(&actor.ResumeMailbox{})
		l.want(t, "s2", "u1", "u3")
	})
}

type batched []any

func (b batched) GetMessages() []any { return b }
func (b batched) String() string     { return "batch" }

func TestBatch(t *testing.T) {
	each(t, func(t *testing.T, p func(...actor.MailboxMiddleware) actor.MailboxProducer) {
		l := new(log)
		m := made(p(), l)
		m.PostUserMessage(batched{1, 2})
		m.PostUserMessage(3)
		l.want(t, "u1", "u2", "ubatch", "u3")
	})
}

func TestPanic(t *testing.T) {
	each(t, func(t *testing.T, p func(...actor.MailboxMiddleware) actor.MailboxProducer) {
		l := new(log)
		m := made(p(), l)
		m.PostUserMessage("panic")
		m.PostUserMessage(2)
		l.want(t, "upanic", "u2")
		if !slices.Equal(l.failures, []any{"as asked", "panic"}) {
			t.Errorf("the supervisor was told %v", l.failures)
		}
	})
}

type counts struct{ started, posted, received, empty atomic.Int32 }

func (c *counts) MailboxStarted()     { c.started.Add(1) }
func (c *counts) MessagePosted(any)   { c.posted.Add(1) }
func (c *counts) MessageReceived(any) { c.received.Add(1) }
func (c *counts) MailboxEmpty()       { c.empty.Add(1) }

func TestMiddleware(t *testing.T) {
	each(t, func(t *testing.T, p func(...actor.MailboxMiddleware) actor.MailboxProducer) {
		l, c := new(log), new(counts)
		m := made(p(c), l)
		m.PostUserMessage(1)
		m.PostSystemMessage(2)
		for c.received.Load() < 2 || c.empty.Load() == 0 {
			time.Sleep(time.Millisecond)
		}
		if c.started.Load() != 1 || c.posted.Load() != 2 || c.received.Load() != 2 {
			t.Errorf("started %d, posted %d, received %d", c.started.Load(), c.posted.Load(), c.received.Load())
		}
	})
}

// An actor that always has something to do lets the others have the one worker.
func TestShares(t *testing.T) {
	e := newExecutor(t, 1)
	for name, p := range map[string]actor.MailboxProducer{
		"State on workers": on(NewDispatcher(e, 10), Unbounded()),
		"task":             Scheduled(e),
	} {
		t.Run(name, func(t *testing.T) {
			var stop atomic.Bool
			busy, other := p(), p()
			again := invoked(func(m any) {
				if !stop.Load() {
					busy.PostUserMessage(m)
				}
			})
			handled := make(chan struct{})
			busy.RegisterHandlers(again, actor.NewDefaultDispatcher(10))
			other.RegisterHandlers(invoked(func(any) { close(handled) }), actor.NewDefaultDispatcher(10))
			busy.PostUserMessage("again")
			other.PostUserMessage("now")
			select {
			case <-handled:
			case <-time.After(time.Minute):
				t.Error("the other actor has to wait for ever")
			}
			stop.Store(true)
		})
	}
}

// invoked is an invoker that calls a function for each message.
type invoked func(message any)

func (f invoked) InvokeUserMessage(m any)   { f(m) }
func (f invoked) InvokeSystemMessage(m any) { f(m) }
func (f invoked) EscalateFailure(r, m any)  { panic(r) }

// Each of many goroutines finds its messages handled in its order, one at a time.
func TestManyPosters(t *testing.T) {
	const posters, each1 = 8, 20_000
	each(t, func(t *testing.T, p func(...actor.MailboxMiddleware) actor.MailboxProducer) {
		o := &order{left: posters * each1, done: make(chan struct{})}
		m := made(p(), o)
		for i := range posters {
			go func() {
				for k := range each1 {
					m.PostUserMessage([2]int{i, k})
				}
			}()
		}
		select {
		case <-o.done:
		case <-time.After(time.Minute):
			t.Fatal("messages were lost")
		}
		if o.wrong != "" {
			t.Error(o.wrong)
		}
	})
}

type order struct {
	next  [8]int
	left  int
	busy  atomic.Int32
	wrong string
	done  chan struct{}
}

func (o *order) InvokeUserMessage(m any) {
	if o.busy.Add(1) != 1 {
		o.wrong = "two at a time"
	}
	at := m.([2]int)
	if o.next[at[0]] != at[1] {
		o.wrong = fmt.Sprint("out of order: ", at)
	}
	o.next[at[0]]++
	o.busy.Add(-1)
	if o.left--; o.left == 0 {
		close(o.done)
	}
}
func (o *order) InvokeSystemMessage(any)  {}
func (o *order) EscalateFailure(r, m any) { panic(r) }

// Real actors, their restarts and their stops.
func TestActors(t *testing.T) {
	each(t, func(t *testing.T, p func(...actor.MailboxMiddleware) actor.MailboxProducer) {
		system := actor.NewActorSystem()
		defer system.Shutdown()
		echo := system.Root.Spawn(actor.PropsFromFunc(func(c actor.Context) {
			switch m := c.Message().(type) {
			case string:
				if m == "panic" {
					panic(m)
				}
				c.Respond(m)
			}
		}, actor.WithMailbox(p())))
		ask := func(m string) (any, error) { return system.Root.RequestFuture(echo, m, 10*time.Second).Result() }
		if v, err := ask("a"); v != "a" || err != nil {
			t.Errorf("%v, %v", v, err)
		}
		system.Root.Send(echo, "panic") // it is suspended, restarted and resumed
		if v, err := ask("b"); v != "b" || err != nil {
			t.Errorf("after a restart: %v, %v", v, err)
		}
		if err := system.Root.PoisonFuture(echo).Wait(); err != nil {
			t.Error(err)
		}
		if _, err := ask("c"); err == nil {
			t.Error("an actor answered that had stopped")
		}
	})
}
