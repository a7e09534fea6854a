package protoactor

import (
	"slices"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/examples/executor"
)

const (
	sliceOps = 4000 // operations of one side, before it is the other's turn
	burst    = 1000
)

// beside lets the kit's side and proto.actor's take turns, so that what else the
// machine does hits both. It reports the medians per operation, and that of the
// ratios. Each side does n operations.
func beside(b *testing.B, kit, proto func(n int)) {
	var kits, protos, ratios []float64
	kit(sliceOps)
	proto(sliceOps)
	for b.Loop() {
		k, p := timed(kit), timed(proto)
		kits, protos, ratios = append(kits, k), append(protos, p), append(ratios, k/p)
	}
	b.ReportMetric(0, "ns/op") // of both together
	b.ReportMetric(median(kits), "ns/kit")
	b.ReportMetric(median(protos), "ns/proto.actor")
	b.ReportMetric(median(ratios), "ratio")
}

func timed(f func(n int)) float64 {
	start := time.Now()
	f(sliceOps)
	return float64(time.Since(start).Nanoseconds()) / sliceOps
}

func median(s []float64) float64 {
	slices.Sort(s)
	return s[len(s)/2]
}

type receipts struct {
	left int
	done chan struct{}
}

func (r *receipts) InvokeUserMessage(any) {
	if r.left--; r.left == 0 {
		r.done <- struct{}{}
	}
}
func (r *receipts) InvokeSystemMessage(any)  {}
func (r *receipts) EscalateFailure(v, _ any) { panic(v) }

// later is a dispatcher and a scheduler for one goroutine: what is due runs when run
// is called. So the mailbox alone is measured.
type later struct {
	fn    func()
	queue rouse.LocalQueue
}

func (l *later) Schedule(fn func()) { l.fn = fn }
func (l *later) Throughput() int    { return 300 }
func (l *later) run() {
	if fn := l.fn; fn != nil {
		l.fn = nil
		fn()
	}
	for l.queue.RunOne() {
	}
}

// alone returns a function that posts n messages, so many at a time, and has them
// handled, on the calling goroutine.
func alone(p func(l *later) actor.MailboxProducer, atATime int) func(n int) {
	l := new(later)
	m := p(l)()
	m.RegisterHandlers(&receipts{done: make(chan struct{}, 1)}, l)
	var message any = new(int)
	return func(n int) {
		for range n / atATime {
			for range atATime {
				m.PostUserMessage(message)
			}
			l.run()
		}
	}
}

func any1(p actor.MailboxProducer) func(*later) actor.MailboxProducer {
	return func(*later) actor.MailboxProducer { return p }
}

var sides = []struct {
	name  string
	kit   func(*later) actor.MailboxProducer
	proto actor.MailboxProducer
}{
	{"State", any1(Unbounded()), actor.Unbounded()},
	{"State,bounded", any1(Bounded(1024)), actor.Bounded(1024)},
	{"task", func(l *later) actor.MailboxProducer { return Scheduled(&l.queue) }, actor.Unbounded()},
	{"task,bounded", func(l *later) actor.MailboxProducer { return ScheduledBounded(&l.queue, 1024) }, actor.Bounded(1024)},
}

// BenchmarkAlone is a mailbox on one goroutine: one message at a time, or a burst.
func BenchmarkAlone(b *testing.B) {
	for _, s := range sides {
		b.Run("one/"+s.name, func(b *testing.B) { beside(b, alone(s.kit, 1), alone(any1(s.proto), 1)) })
		b.Run("burst/"+s.name, func(b *testing.B) { beside(b, alone(s.kit, burst), alone(any1(s.proto), burst)) })
	}
}

// running returns a function that posts n messages, so many at a time, and waits
// until others have handled them.
func running(p actor.MailboxProducer, d actor.Dispatcher, atATime int) func(n int) {
	r := &receipts{done: make(chan struct{}, 1)}
	m := p()
	m.RegisterHandlers(r, d)
	var message any = new(int)
	return func(n int) {
		for range n / atATime {
			r.left = atATime
			for range atATime {
				m.PostUserMessage(message)
			}
			<-r.done
		}
	}
}

// BenchmarkRunning is a mailbox whose messages others handle: goroutines, or the
// workers of an executor.
func BenchmarkRunning(b *testing.B) {
	e := executor.New(0)
	goroutines, workers := actor.NewDefaultDispatcher(300), NewDispatcher(e, 300)
	for name, atATime := range map[string]int{"one/": 1, "burst/": burst} {
		proto := func() func(int) { return running(actor.Unbounded(), goroutines, atATime) }
		b.Run(name+"State", func(b *testing.B) { beside(b, running(Unbounded(), goroutines, atATime), proto()) })
		b.Run(name+"State,dispatcher", func(b *testing.B) { beside(b, running(Unbounded(), workers, atATime), proto()) })
		b.Run(name+"task", func(b *testing.B) { beside(b, running(Scheduled(e), goroutines, atATime), proto()) })
	}
}
