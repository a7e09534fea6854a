package migrating_test

import "github.com/rouse-go/rouse"

// A ChanLoop has a goroutine for its whole life.
type ChanLoop struct {
	wake chan struct{} // with room for one
	work func()
}

func (l *ChanLoop) Wake() {
	select {
	case l.wake <- struct{}{}:
	default: // it will run anyway
	}
}

func (l *ChanLoop) run() {
	for range l.wake {
		l.work()
	}
}

// A StateLoop has a goroutine while there is work.
type StateLoop struct {
	state rouse.State
	work  func()
}

func (l *StateLoop) Wake() {
	if l.state.Notify() {
		go l.run()
	}
}

func (l *StateLoop) run() {
	for l.state.Begin() {
		l.work()
		if !l.state.End() {
			return
		}
	}
}
