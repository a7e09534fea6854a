package explore

// Do runs f for the calling thread and reduces what the thread observed meanwhile to f's result:
// after it, two executions in which f returned the same are in the same state, whatever f saw on
// its way. That is so if f gives the rest of the thread nothing but its result, through no
// captured variable either. Scenarios made of operations that are each in a Do have far fewer
// states than those whose threads remember every value that any load returned.
//
// The result counts by value: see Ghost. If it is one that cannot be compared across executions,
// f's observations are kept.
func Do[T any](x *Exec, f func() T) T {
	e := x.e
	if e.mode != exploring || e.cur == e.main {
		return f()
	}
	t := e.cur
	before := t.hist
	v := f()
	if e.mode == exploring {
		if h, ok := hashValue(e, t, &v); ok {
			t.hist = mix(mix(before, 8), h)
		}
	}
	return v
}

// Do is the function Do for an f without a result.
func (x *Exec) Do(f func()) {
	Do(x, func() bool {
		f()
		return true
	})
}
