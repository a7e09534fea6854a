package protoactor

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"github.com/rouse-go/rouse"
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

// receipts is an invoker that says when so many messages have come.
type receipts struct {
	left atomic.Int64
	done chan struct{}
}

func (r *receipts) InvokeUserMessage(any) {
	if r.done != nil && r.left.Add(-1) == 0 {
		r.done <- struct{}{}
	}
}
func (r *receipts) InvokeSystemMessage(any)  {}
func (r *receipts) EscalateFailure(v, _ any) { panic(v) }

// here is a dispatcher and a scheduler of one goroutine, so that the mailbox alone is
// measured. A message is handled at once where that is allowed, and otherwise by run.
type here struct {
	atOnce bool
	fn     func()
	queue  *rouse.LocalQueue // of tasks; nil if there are none
}

func (h *here) Throughput() int { return 300 }

func (h *here) Schedule(fn func()) {
	if h.atOnce {
		fn()
	} else {
		h.fn = fn
	}
}

func (h *here) run() {
	if fn := h.fn; fn != nil {
		h.fn = nil
		fn()
	}
	if h.queue != nil {
		for h.queue.RunOne() {
		}
	}
}

// alone returns a function that posts n messages, so many at a time, and has them
// handled, on the calling goroutine.
func (h *here) alone(p actor.MailboxProducer, atATime int) func(n int) {
	h.atOnce = atATime == 1
	m := p()
	m.RegisterHandlers(&receipts{}, h)
	var message any = new(int)
	return func(n int) {
		for range n / atATime {
			for range atATime {
				m.PostUserMessage(message)
			}
			h.run()
		}
	}
}

// sides are the mailboxes of the kit, each with that of proto.actor.
var sides = []struct {
	name  string
	kit   func(q *rouse.LocalQueue) actor.MailboxProducer
	task  bool
	proto actor.MailboxProducer
}{
	{"State", func(*rouse.LocalQueue) actor.MailboxProducer { return Unbounded() }, false, actor.Unbounded()},
	{"State,bounded", func(*rouse.LocalQueue) actor.MailboxProducer { return Bounded(1024) }, false, actor.Bounded(1024)},
	{"task", func(q *rouse.LocalQueue) actor.MailboxProducer { return Scheduled(q) }, true, actor.Unbounded()},
	{"task,bounded", func(q *rouse.LocalQueue) actor.MailboxProducer { return ScheduledBounded(q, 1024) }, true, actor.Bounded(1024)},
}

func kitAlone(side int, atATime int) func(n int) {
	h := new(here)
	if sides[side].task {
		h.queue = new(rouse.LocalQueue)
	}
	return h.alone(sides[side].kit(h.queue), atATime)
}

// BenchmarkAlone is a mailbox on one goroutine.
func BenchmarkAlone(b *testing.B) {
	for i, s := range sides {
		for _, atATime := range []int{1, burst} {
			b.Run(s.name+times(atATime), func(b *testing.B) {
				beside(b, kitAlone(i, atATime), new(here).alone(s.proto, atATime))
			})
		}
	}
}

func times(atATime int) string {
	if atATime == 1 {
		return "/one"
	}
	return "/burst"
}

// elsewhere returns a function that posts n messages to so many actors in turn, so
// many to each at a time, and waits until d or a scheduler has had them handled.
func elsewhere(p actor.MailboxProducer, d actor.Dispatcher, actors, atATime int) func(n int) {
	r := &receipts{done: make(chan struct{}, 1)}
	all := make([]actor.Mailbox, actors)
	for i := range all {
		all[i] = p()
		all[i].RegisterHandlers(r, d)
	}
	var message any = new(int)
	return func(n int) {
		for range n / (actors * atATime) {
			r.left.Store(int64(actors * atATime))
			for _, m := range all {
				for range atATime {
					m.PostUserMessage(message)
				}
			}
			<-r.done
		}
	}
}

var goroutines = actor.NewDefaultDispatcher(300)

// BenchmarkElsewhere is a mailbox whose messages others handle: new goroutines, or the
// workers of an executor.
func BenchmarkElsewhere(b *testing.B) {
	e := newExecutor(b, 0)
	for _, atATime := range []int{1, burst} {
		for _, kit := range []struct {
			name string
			p    actor.MailboxProducer
		}{{"State", Unbounded()}, {"task", Scheduled(e)}} {
			b.Run(kit.name+times(atATime), func(b *testing.B) {
				beside(b, elsewhere(kit.p, goroutines, 1, atATime), elsewhere(actor.Unbounded(), goroutines, 1, atATime))
			})
		}
	}
}

// BenchmarkDispatcher is the dispatcher of the kit beside that of proto.actor. Both
// have mailboxes of the kit.
func BenchmarkDispatcher(b *testing.B) {
	d := NewDispatcher(newExecutor(b, 0), 300)
	for _, actors := range []int{1, 1000} {
		b.Run(fmt.Sprintf("actors=%d", actors), func(b *testing.B) {
			beside(b, elsewhere(Unbounded(), d, actors, 1), elsewhere(Unbounded(), goroutines, actors, 1))
		})
	}
}
