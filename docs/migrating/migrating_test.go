// Package migrating has the code of docs/migrating.md, and tests of it.
package migrating_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rouse-go/rouse"
)

const posters, each = 4, 500

// byMany calls f from several goroutines at once.
func byMany(f func()) {
	var all sync.WaitGroup
	for range posters {
		all.Add(1)
		go func() {
			defer all.Done()
			for range each {
				f()
			}
		}()
	}
	all.Wait()
}

// TestBoxes posts to both mailboxes; each message is handled once, by one run at
// a time, which the race detector sees by the plain counter.
func TestBoxes(t *testing.T) {
	for name, fresh := range map[string]func(handle func(int)) (post func(int)){
		"status": func(h func(int)) func(int) {
			return (&StatusBox{queue: Queue{make(chan int, posters*each)}, handle: h}).Post
		},
		"state": func(h func(int)) func(int) {
			return (&StateBox{queue: Queue{make(chan int, posters*each)}, handle: h}).Post
		},
	} {
		t.Run(name, func(t *testing.T) {
			handled, done := 0, make(chan struct{})
			post := fresh(func(int) {
				if handled++; handled == posters*each {
					close(done)
				}
			})
			byMany(func() { post(1) })
			<-done
		})
	}
}

// TestLoops triggers work that counts what was asked for: the last of it is done.
func TestLoops(t *testing.T) {
	for name, fresh := range map[string]func(work func()) (wake func()){
		"chan": func(work func()) func() {
			l := &ChanLoop{wake: make(chan struct{}, 1), work: work}
			go l.run()
			return l.Wake
		},
		"state": func(work func()) func() { return (&StateLoop{work: work}).Wake },
		"dirty": func(work func()) func() { return (&DirtyFlusher{flush: work}).Trigger },
		"flush": func(work func()) func() { return (&StateFlusher{flush: work}).Trigger },
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int64
			done := make(chan struct{}, posters*each+1)
			wake := fresh(func() {
				if asked.Load() == posters*each {
					done <- struct{}{}
				}
			})
			byMany(func() {
				asked.Add(1)
				wake()
			})
			<-done
		})
	}
}

func TestWorkers(t *testing.T) {
	c := new(CondWorker)
	c.more.L = &c.mu
	p := new(ParkWorker)
	go byMany(func() { c.Post(1); p.Post(1) })
	for range posters * each {
		c.Next()
		if _, err := p.Next(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("nothing is left, and Next returns %v", err)
	}
}

func TestSessions(t *testing.T) {
	g := &GoSession{in: make(chan string), quit: make(chan struct{})}
	var ended sync.WaitGroup
	ended.Add(1)
	go func() { defer ended.Done(); g.run() }()
	g.in <- "hello"
	close(g.quit)
	ended.Wait()

	var q rouse.RunQueue
	s := &Session{queue: &q, ended: make(chan rouse.Cause, 1)}
	sessions.Init(s)
	s.Say("hello")
	for q.RunOne() {
	}
	s.Quit()
	if why := <-s.ended; len(g.said) != 1 || len(s.said) != 1 || why != rouse.CauseClosed {
		t.Errorf("said %q and %q, ended by %v", g.said, s.said, why)
	}
}
