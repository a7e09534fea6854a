package migrating_test

import (
	"sync"

	"github.com/rouse-go/rouse"
)

type DirtyFlusher struct {
	mu             sync.Mutex
	running, dirty bool
	flush          func()
}

func (f *DirtyFlusher) Trigger() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.running {
		f.dirty = true
		return
	}
	f.running = true
	go f.loop()
}

func (f *DirtyFlusher) loop() {
	for {
		f.flush()
		f.mu.Lock()
		if !f.dirty {
			f.running = false
			f.mu.Unlock()
			return
		}
		f.dirty = false
		f.mu.Unlock()
	}
}

type StateFlusher struct {
	state rouse.State
	flush func()
}

func (f *StateFlusher) Trigger() {
	if f.state.Notify() {
		go f.loop()
	}
}

func (f *StateFlusher) loop() {
	for f.state.Begin() {
		f.flush()
		if !f.state.End() {
			return
		}
	}
}
