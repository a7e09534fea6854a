package protoactor

import (
	"testing"

	"github.com/asynkron/protoactor-go/actor"
)

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

// A benchmark is one message at a time, or 1000 of them at once, per message.
func Benchmark(b *testing.B) {
	for _, burst := range []int{1, 1000} {
		for name, p := range kinds(b) {
			b.Run(map[int]string{1: "one", 1000: "burst"}[burst]+"/"+name, func(b *testing.B) {
				var message any = new(int)
				r := &receipts{done: make(chan struct{}, 1)}
				m := made(p(), r)
				b.ReportAllocs()
				for n := b.N; n > 0; n -= burst {
					r.left = burst
					for range burst {
						m.PostUserMessage(message)
					}
					<-r.done
				}
			})
		}
	}
}

// Inline runs on the posting goroutine, and so measures the mailbox alone.
func BenchmarkInline(b *testing.B) {
	for name, p := range map[string]actor.MailboxProducer{"State": Unbounded(), "proto.actor": actor.Unbounded()} {
		b.Run(name, func(b *testing.B) {
			var message any = new(int)
			m := p()
			m.RegisterHandlers(&receipts{done: make(chan struct{}, 1)}, actor.NewSynchronizedDispatcher(300))
			b.ReportAllocs()
			for b.Loop() {
				m.PostUserMessage(message)
			}
		})
	}
}
