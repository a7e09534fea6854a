package explore

// key is the hash of the state: see dfs for what belongs to it.
func (e *engine) key() uint64 {
	k := e.state
	for _, t := range e.threads {
		if t.done { // its history stays: it may have left results for Final in variables of its own
			k += mix(mix(t.canon, t.hist), 1)
		} else {
			k += mix(mix(t.canon, t.hist), mix(t.signature()+t.turn.key(), t.know.hash))
		}
	}
	if e.extra != nil {
		m := e.mode
		e.mode = peeking
		for _, f := range e.extra {
			k = mix(k, f())
		}
		e.mode = m
	}
	return mix(k, uint64(len(e.threads)))
}

// signature is the hash of the thread's pending operation.
func (t *thread) signature() uint64 { return t.pendSig | 1 }

func (e *engine) touched(o *object, write bool) { e.step = append(e.step, access{o, write}) }

// observed accounts for an operation that acquires and changes nothing.
func (e *engine) observed(o *object, seen, holds uint64) {
	t := e.cur
	t.hist = mix(t.hist, seen)
	if o.know.hash != 0 {
		e.learn(&t.know, &o.know)
	}
	if o.value != holds {
		o.value = holds
		e.rehash(o)
	}
	e.touched(o, false)
}

// updated accounts for a read-modify-write.
func (e *engine) updated(o *object, seen, holds uint64) {
	t := e.cur
	t.hist = mix(t.hist, seen)
	if o.know.hash != 0 {
		e.learn(&t.know, &o.know)
	}
	e.published(t, o, holds)
}

// stored accounts for an operation that releases and observes nothing.
func (e *engine) stored(o *object, holds uint64) {
	t := e.cur
	t.hist = mix(t.hist, 3)
	e.published(t, o, holds)
}

func (e *engine) published(t *thread, o *object, holds uint64) {
	o.know = t.know
	if o.kind == kindMutex {
		e.held()
	} else {
		e.changed(o, o.value, holds)
	}
	o.value = holds
	e.rehash(o)
	e.touched(o, true)
}
