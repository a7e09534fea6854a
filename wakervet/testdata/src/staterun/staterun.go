package staterun

import (
	"sync"

	"github.com/rouse-go/rouse"
)

type box struct {
	state rouse.State
	mu    sync.Mutex
	q     chan int
	done  chan int
	stop  bool
	on    func(int)
	work  func(func())
}

func (b *box) Send(v int) {
	b.q <- v
	if b.state.Notify() {
		go b.run()
	}
}

func (b *box) run() {
	for b.state.Begin() {
		b.drain()
		if !b.state.End() {
			return
		}
	}
	b.finish()
}

func (b *box) drain() {
	for len(b.q) > 0 {
		b.on(<-b.q)
	}
}

func (b *box) Close() {
	if b.state.Close() {
		b.finish()
	}
	<-b.done
}

func (b *box) finish() {
	for !b.state.Finish() {
		b.drain()
	}
	close(b.done)
}

// Given up twice.

func (b *box) deferredAgain() {
	defer b.state.End()
	if !b.state.Begin() {
		return
	}
	b.drain()
	b.state.End() // want `the run is given up here, and again by the deferred End of line \d+`
}

func (b *box) endsTwice() {
	for b.state.Begin() {
		b.state.End()
		b.drain()
		if b.state.End() { // want `the run is given up here, but End at line \d+ gave it up before`
			b.work(b.run)
		}
		return
	}
	b.finish()
}

func (b *box) finishesTwice() {
	b.state.Finish()
	b.state.Finish() // want `the run is given up here, but Finish at line \d+ gave it up before`
}

func (b *box) yieldsAndEnds() {
	b.state.Yield()    // want `after the Yield: this caller owns the notification`
	if b.state.End() { // want `the run is given up here, but Yield at line \d+ gave it up before`
		b.work(b.run)
	}
}

func (b *box) finishesAgain() {
	if b.state.Finish() {
		b.state.Finish() // want `the run is given up here, but Finish at line \d+ gave it up before`
		return
	}
	for !b.state.Finish() {
		b.drain()
	}
	close(b.done)
}

// Forgotten.

func (b *box) resumes() {
	if b.state.Resume() { // want `Resume reported true: this caller owns the notification`
		return
	}
}

func (b *box) yieldsTrue() {
	if !b.state.Begin() {
		b.finish()
		return
	}
	if b.state.Yield() { // want `Yield reported true: this caller owns the notification`
		return
	}
}

func (b *box) early() {
	for b.state.Begin() { // want `the run that begins here is not given up, by End, Yield or Finish, on a path to the return at line \d+`
		if len(b.q) == 0 {
			return
		}
		b.drain()
		if !b.state.End() {
			return
		}
	}
	b.finish()
}

func (b *box) earlyLocked() error {
	if b.state.Begin() { // want `the run that begins here is not given up`
		b.mu.Lock()
		stop := b.stop
		b.mu.Unlock()
		if stop {
			return nil
		}
		if b.state.End() {
			b.work(b.run)
		}
	} else {
		b.finish()
	}
	return nil
}

func (b *box) neverFinishes() {
	if !b.state.Begin() { // want `Begin reported false: this caller holds the run and must call Finish, but does not on a path to the return at line \d+`
		return
	}
	b.drain()
	if b.state.End() {
		b.work(b.run)
	}
}

func (b *box) finishesOnce() {
	if !b.state.Finish() { // want `Finish reported false: this caller holds the run and must call Finish, but does not on a path to the return at line \d+`
		b.drain()
		return
	}
	close(b.done)
}

func (b *box) finishesOrNot() error {
	if b.state.Finish() { // want `Finish reported false`
		close(b.done)
	}
	return nil
}

func (b *box) closesOnly() error {
	if b.state.Close() { // want `Close reported true: this caller holds the run and must call Finish`
		b.stop = true
	}
	return nil
}

func (b *box) inverted(v int) {
	b.q <- v
	if !b.state.Notify() { // want `Notify reported true: this caller owns the notification, and must begin again or have it begun, but does neither`
		go b.run()
	}
}

func (b *box) onlyIf(v int) {
	if b.state.Notify() && !b.stop { // want `Notify reported true: this caller owns the notification`
		go b.run()
	}
}

func (b *box) beginsIf() {
	for b.state.Begin() && !b.stop { // want `the run that begins here is not given up`
		b.drain()
		if !b.state.End() {
			return
		}
	}
}

func (b *box) endInverted() {
	if !b.state.Begin() {
		b.finish()
		return
	}
	b.drain()
	if b.state.End() { // want `End reported true: this caller owns the notification`
		return
	}
	b.drain()
}

func (b *box) yields(budget int) {
	for b.state.Begin() {
		if budget--; budget < 0 {
			b.state.Yield() // want `after the Yield: this caller owns the notification`
			return
		}
		b.drain()
		if !b.state.End() {
			return
		}
	}
	b.finish()
}

func (b *box) swallows() {
	defer func() {
		if p := recover(); p != nil { // want `a panic between Begin and End ends here with the state still running, so that it never runs again`
			b.stop = true
		}
	}()
	b.run2()
	for b.state.Begin() {
		b.drain()
		if !b.state.End() {
			return
		}
	}
	b.finish()
}

func (b *box) run2() {}
