package proptest

import (
	"sync"

	"github.com/rouse-go/rouse"
)

// A hookedLoop is a loop with Hooks and a list of its own. Its faults are ways
// to get these wrong.
type hookedLoop struct {
	rouse.NoHooks
	*loop
	alone  sync.Mutex
	listed map[rouse.RawTask]bool
}

const noFault = "keeps a list"

// hooked tells which of the faults are a hookedLoop's.
func hooked(fault string) bool {
	switch fault {
	case noFault, "stops at a panic", "releases all", "releases nothing", "releases again", "closes without Shutdown":
		return true
	}
	return false
}

func (l *hookedLoop) Schedule(n rouse.Notified, why rouse.Reason) {
	if why == rouse.Spawned && !n.Task().Snapshot().Unowned() {
		l.alone.Lock()
		l.listed[n.Task()] = true
		l.alone.Unlock()
	}
	l.loop.Schedule(n, why)
}

func (l *hookedLoop) Panicked(*rouse.JoinError) bool {
	l.dead = l.has("stops at a panic")
	return false
}

func (l *hookedLoop) Unlist(t rouse.RawTask) bool {
	switch l.fault {
	case "releases all":
		return true
	case "releases nothing":
		return false
	}
	l.alone.Lock()
	defer l.alone.Unlock()
	was := l.listed[t]
	if !l.has("releases again") {
		delete(l.listed, t)
	}
	return was
}

func (l *hookedLoop) close() {
	l.loop.close()
	if l.has("closes without Shutdown") {
		return
	}
	for _, t := range l.take() {
		t.Shutdown()
	}
}

// take empties the list, but for what has ended.
func (l *hookedLoop) take() (pending []rouse.RawTask) {
	l.alone.Lock()
	defer l.alone.Unlock()
	for t := range l.listed {
		if !t.Snapshot().Complete() {
			pending = append(pending, t)
			delete(l.listed, t)
		}
	}
	return
}
