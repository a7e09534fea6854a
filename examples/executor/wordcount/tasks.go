package main

import (
	"fmt"
	"io"
	"time"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/examples/executor"
)

// openFiles is how many files are open at once.
const openFiles = 64

// counts is what a task that counts one file sends.
type counts = map[string]int

// A counting task waits for its turn to have a file open, counts a piece of it in
// each poll, and sends what it found.
type counting struct {
	name    string
	open    *rouse.Semaphore
	results *executor.Channel[counts]

	wait   rouse.Waiter // for the semaphore, then for the channel
	turn   bool
	counts *counter
	ended  bool
}

func (t *counting) Poll(cx rouse.Context) (err error, ready bool) {
	if !t.turn {
		if _, t.turn = t.open.Acquire(cx, &t.wait, 1); !t.turn {
			return nil, false
		}
		if t.counts, err = open(t.name); err != nil {
			return err, true
		}
	}
	if !t.ended {
		if t.ended, err = t.counts.piece(); err != nil {
			return err, true
		}
		if !t.ended {
			cx.Waker().WakeByRef() // let others run, then go on
			return nil, false
		}
	}
	_, ready = t.results.Send(cx, &t.wait, t.counts.words)
	return nil, ready
}

// Drop is called however the task ends: it leaves the queue that it waits in, and
// gives back its turn.
func (t *counting) Drop() {
	t.wait.Drop()
	t.counts.close()
	if t.turn {
		t.open.Release(1)
	}
}

// A collector adds up what the others send, until the channel is closed.
type collector struct {
	results *executor.Channel[counts]
	wait    rouse.Waiter
	total   counts
	seen    *progress
}

func (t *collector) Poll(cx rouse.Context) (counts, bool) {
	for {
		r, ready := t.results.Recv(cx, &t.wait)
		if !ready {
			return nil, false
		}
		if !r.OK {
			return t.total, true
		}
		t.seen.add(add(t.total, r.Value))
	}
}

func (t *collector) Drop() { t.wait.Drop() }

// ticker shows the progress ten times a second, until it is dropped.
func ticker(p *progress, out io.Writer) rouse.Future[struct{}] {
	sleep := executor.Sleep(tick)
	return rouse.FutureFunc[struct{}](func(cx rouse.Context) (none struct{}, ready bool) {
		for {
			if _, over := sleep.Poll(cx); !over {
				return none, false
			}
			p.show(out)
			sleep = executor.Sleep(tick)
		}
	})
}

const tick = 100 * time.Millisecond

// countWithTasks counts the words of all files, with a task for each.
func countWithTasks(l *library, p *progress, out io.Writer) (counts, error) {
	e := executor.New(0)
	defer e.Shutdown(ended)
	shows := executor.SpawnWith(e, ticker(p, out), rouse.Options{Name: "progress"})
	defer func() {
		shows.Abort()
		shows.Join(background)
	}()

	results := executor.NewChannel[counts](openFiles)
	open := new(rouse.Semaphore)
	open.Release(openFiles)
	group := executor.NewGroup(e)
	for _, name := range l.files {
		group.Go(&counting{name: name, open: open, results: results})
	}
	collected := executor.SpawnWith(e, &collector{results: results, total: counts{}, seen: p}, rouse.Options{Name: "collector"})
	err, _ := rouse.BlockOn(background, group.Wait())
	results.Close()
	total, joinErr := collected.Join(background)
	if err == nil {
		err = joinErr
	}
	if err != nil {
		return nil, fmt.Errorf("counting with tasks: %w", err)
	}
	return total, nil
}

// waitWithTasks has n tasks that wait, and returns once all do. Its result ends
// them.
func waitWithTasks(n int) (end func()) {
	e := executor.New(0)
	waiting := make(chan struct{}, n)
	begun := func() { waiting <- struct{}{} }
	gate := new(rouse.WaitQueue)
	for range n {
		j := executor.Spawn(e, &waiter{gate: gate, begun: begun})
		j.Detach()
	}
	for range n {
		<-waiting
	}
	return func() {
		gate.Close()
		e.Shutdown(background)
	}
}

// A waiter waits until the gate is closed.
type waiter struct {
	gate  *rouse.WaitQueue
	wait  rouse.Waiter
	begun func()
}

func (w *waiter) Poll(cx rouse.Context) (none struct{}, ready bool) {
	if _, ready = w.gate.Wait(cx, &w.wait); !ready {
		w.begun()
	}
	return none, ready
}

func (w *waiter) Drop() { w.wait.Drop() }
