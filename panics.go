package rouse

import (
	"fmt"
	"runtime"
	"strings"
)

// What happens to the panics of user code. It relies on nothing.
//
// Work of the kit that must be done, though user code unwinds in it, is done on
// the way out. What was raised goes on afterwards as it was: one panic with its
// own value, several as one error that wraps them all. A Goexit cannot be raised
// again, so it goes on by itself; but a panic that was raised before or after it
// comes out instead.

// raised collects what user code panics with until the kit's own work is done.
type raised struct{ all []any }

// add adds what a panic raised; nil is none.
func (r *raised) add(v any) {
	switch v := v.(type) {
	case nil:
	case *joinedPanics:
		for _, err := range v.errs {
			r.all = append(r.all, err)
		}
	default:
		r.all = append(r.all, v)
	}
}

// out raises it again.
func (r *raised) out() {
	if len(r.all) > 0 {
		r.raise()
	}
}

//go:noinline
func (r *raised) raise() {
	if len(r.all) == 1 {
		panic(r.all[0])
	}
	all := new(joinedPanics)
	for _, v := range r.all {
		all.errs = append(all.errs, asError(v))
	}
	panic(all)
}

// joinedPanics are several panics, in their order, as errors.Join makes one error of
// many.
type joinedPanics struct{ errs []error }

func (p *joinedPanics) Unwrap() []error { return p.errs }

func (p *joinedPanics) Error() string {
	var b strings.Builder
	for i, err := range p.errs {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(err.Error())
	}
	return b.String()
}

// A panicValue is the value of one of several panics that is no error. Users
// reach it by errors.As and an interface with its method.
type panicValue struct{ v any }

func (p *panicValue) Error() string   { return fmt.Sprint(p.v) }
func (p *panicValue) PanicValue() any { return p.v }

func asError(v any) error {
	if err, ok := v.(error); ok {
		return err
	}
	return &panicValue{v}
}

// recovered returns what a deferred function has recovered, while user code
// unwinds: v, or nil for a Goexit. Where GODEBUG has panicnil=1, v is nil for a
// panic(nil) too; what called the deferred function tells the two apart, and the
// panic is told by the value that it has without that setting.
func recovered(v any) any {
	if v != nil {
		return v
	}
	var pcs [16]uintptr
	for frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])]); ; {
		f, more := frames.Next()
		switch f.Function {
		case "runtime.Goexit":
			return nil
		case "runtime.gopanic":
			return new(runtime.PanicNilError)
		}
		if !more {
			return nil
		}
	}
}

// sweep does work in steps, each of which may unwind: all that step reports to
// be there is done, and then what was raised is raised again.
func sweep(step func() bool) {
	var r raised
	r.sweep(step)
}

// goOn does the steps that are left, where user code has unwound with what v was
// recovered from.
func goOn(v any, step func() bool) {
	var r raised
	r.add(recovered(v))
	r.sweep(step)
}

// The steps are no field of raised, so that they do not escape to the heap.

func (r *raised) sweep(step func() bool) {
	done := false
	defer func() {
		if !done { // a Goexit
			r.sweep(step)
		}
	}()
	for r.one(step) {
	}
	done = true
	r.out()
}

func (r *raised) one(step func() bool) (more bool) {
	more = true // after a panic too
	returned := false
	defer func() {
		if !returned {
			r.add(recovered(recover()))
		}
	}()
	more = step()
	returned = true
	return more
}

// doBoth calls both, though the first unwinds.
func doBoth(first, second func()) {
	n := 0
	sweep(func() bool {
		switch n++; n {
		case 1:
			first()
		case 2:
			second()
		}
		return n < 2
	})
}
