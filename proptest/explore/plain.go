package explore

import "unsafe"

// Read announces a plain read of the location p, called name in reports. It is no scheduling
// point; it is checked for races with the writes of other threads, and the reader observes what
// was written last. A location is known by its address alone.
func Read(p unsafe.Pointer, name string) {
	if e := active.Load(); e != nil {
		e.read(p, name)
	}
}

// Write announces a plain write. What the thread writes must follow from what it has observed.
func Write(p unsafe.Pointer, name string) {
	if e := active.Load(); e != nil {
		e.write(p, name)
	}
}

func (e *engine) read(p unsafe.Pointer, name string) *object {
	switch e.mode {
	case counting:
		e.counts.reads.Add(1)
		return nil
	case exploring:
	default:
		return nil
	}
	t := e.cur
	o := e.plainObject(t, p, name)
	if len(e.retired) > 0 {
		e.checkRetired(t, o)
	}
	t.ops.PlainReads++
	e.plainRead(t, o)
	if !e.final {
		t.hist = mix(t.hist, o.version)
	}
	e.touched(o, false)
	e.note(t, o, "read %v", o)
	return o
}

func (e *engine) write(p unsafe.Pointer, name string) *object {
	switch e.mode {
	case counting:
		e.counts.writes.Add(1)
		return nil
	case peeking:
		panic("explore: write in the condition of an Await")
	case exploring:
	default:
		return nil
	}
	t := e.cur
	o := e.plainObject(t, p, name)
	if len(e.retired) > 0 {
		e.checkRetired(t, o)
	}
	t.ops.PlainWrites++
	e.plainWrite(t, o)
	o.writer, o.version = t, mix(t.canon, t.hist)
	e.rehash(o)
	t.hist = mix(t.hist, 5)
	e.disturb()
	e.touched(o, true)
	e.note(t, o, "write %v", o)
	return o
}

func (e *engine) plainObject(t *thread, p unsafe.Pointer, name string) *object {
	o := e.touch(t, p, kindPlain)
	if o.label == "" {
		o.label = name
	}
	return o
}

// Var is a plain variable with a race check: Get and Set announce the access they make.
type Var[T any] struct{ v T }

// Get returns the variable.
func (v *Var[T]) Get() T {
	Read(unsafe.Pointer(v), "")
	readAtEnd(&v.v)
	return v.v
}

// Set sets the variable.
func (v *Var[T]) Set(x T) {
	v.v = x
	e := active.Load()
	if e == nil {
		return
	}
	o := e.write(unsafe.Pointer(v), "")
	if o == nil {
		return
	}
	if h, ok := hashValue(e, e.cur, &v.v); ok {
		e.contains(o, h)
	}
}

// Ghost is a variable of the specification rather than of the program: a count of runs, a queue
// of the scenario's own. Access to it is no scheduling point, orders nothing, and is not checked
// for races; but its value is part of the state. It must not be used outside explorations by more
// than one goroutine.
type Ghost[T any] struct{ v T }

// Get returns the variable.
func (g *Ghost[T]) Get() T {
	if e := active.Load(); e != nil && e.mode == exploring {
		t := e.cur
		o := e.touch(t, unsafe.Pointer(g), kindGhost)
		if !e.final {
			t.hist = mix(t.hist, o.value)
		}
		e.touched(o, false)
	}
	readAtEnd(&g.v)
	return g.v
}

// Set sets the variable.
func (g *Ghost[T]) Set(x T) {
	g.v = x
	if e := active.Load(); e != nil {
		g.changed(e)
	}
}

// Update sets the variable to f of it.
func (g *Ghost[T]) Update(f func(T) T) { g.Set(f(g.Get())) }

func (g *Ghost[T]) changed(e *engine) {
	switch e.mode {
	case peeking:
		panic("explore: write in the condition of an Await")
	case exploring:
	default:
		return
	}
	t := e.cur
	o := e.touch(t, unsafe.Pointer(g), kindGhost)
	t.hist = mix(t.hist, 6)
	if h, ok := hashValue(e, t, &g.v); ok {
		e.changed(o, o.value, h)
		o.value = h
	} else {
		e.disturb()
		o.value = mix(t.canon, t.hist)
	}
	e.rehash(o)
	e.touched(o, true)
}
