package explore

import (
	"sync"
	"unsafe"
)

// Mutex is a sync.Mutex. A thread that waits for it cannot run, and if none can, that is a
// deadlock.
type Mutex struct{ mu sync.Mutex }

// Lock locks m.
func (m *Mutex) Lock() {
	e := active.Load()
	if e == nil {
		m.mu.Lock()
		return
	}
	o := e.begin(opLock, kindMutex, unsafe.Pointer(m), 0, 0)
	switch {
	case o != nil:
		if !m.mu.TryLock() {
			panic("explore: a Mutex was locked outside the exploration, or by setup or an Await")
		}
		e.cur.ops.Locks++
		e.locked(o)
		e.note(e.cur, o, "%v.Lock()", o)
	case e.mode == counting:
		m.mu.Lock()
	default:
		for !m.mu.TryLock() {
			e.suspend(e.cur)
		}
	}
}

// TryLock locks m if it is free, and reports whether it was.
func (m *Mutex) TryLock() bool {
	e := active.Load()
	if e == nil {
		return m.mu.TryLock()
	}
	o := e.begin(opTryLock, kindMutex, unsafe.Pointer(m), 0, 0)
	ok := m.mu.TryLock()
	if o != nil {
		e.cur.turn.tries = true
		e.cur.ops.Locks++
		if ok {
			e.cur.hist = mix(e.cur.hist, 1)
			e.locked(o)
		} else { // orders nothing
			e.cur.hist = mix(e.cur.hist, 0)
			e.touched(o, false)
		}
		e.note(e.cur, o, "%v.TryLock() = %v", o, ok)
	}
	return ok
}

// Unlock unlocks m.
func (m *Mutex) Unlock() {
	e := active.Load()
	if e == nil {
		m.mu.Unlock()
		return
	}
	o := e.begin(opUnlock, kindMutex, unsafe.Pointer(m), 0, 0)
	if o == nil {
		m.mu.Unlock()
		return
	}
	if m.mu.TryLock() { // sync.Mutex would bring the process down
		m.mu.Unlock()
		panic("explore: Unlock of an unlocked Mutex")
	}
	m.mu.Unlock()
	o.locked = false
	e.stored(o, 1)
	e.note(e.cur, o, "%v.Unlock()", o)
}

// locked accounts for an acquisition. It orders the thread after the last Unlock, so Unlock may
// overwrite what the mutex knows.
func (e *engine) locked(o *object) {
	t := e.cur
	if o.know.hash != 0 {
		e.learn(&t.know, &o.know)
	}
	t.hist = mix(t.hist, 4)
	o.locked, o.value = true, 2
	e.rehash(o)
	e.held()
	e.touched(o, true)
}
