package rouse

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"sync"
	"testing"
	"time"
)

// soon is a time limit that is over at once, late one that is never over in a test.
const (
	soon = time.Millisecond
	late = time.Hour
)

func TestParkTakesThePermit(t *testing.T) {
	var p Parker
	has := func(want bool) {
		t.Helper()
		if got := p.ParkTimeout(0); got != want {
			t.Errorf("a permit: %v, want %v", got, want)
		}
	}
	has(false)
	p.Unpark()
	has(true)
	has(false)
	p.Unpark()
	p.Unpark()
	p.Park()
	has(false) // two Unparks leave one permit
	p.Unpark()
	if !p.ParkTimeout(late) || p.ParkTimeout(soon) || p.ParkTimeout(-1) {
		t.Error("ParkTimeout reports something else than whether there was a permit")
	}
	p.Unpark()
	if err := p.ParkContext(context.Background()); err != nil {
		t.Error(err)
	}
	has(false)
}

// A context that has ended wins over a permit, which stays.
func TestParkContextEnds(t *testing.T) {
	var p Parker
	why := errors.New("why")
	ctx, cancel := context.WithCancelCause(context.Background())
	go cancel(why)
	if err := p.ParkContext(ctx); err != why {
		t.Errorf("%v, want %v", err, why)
	}
	p.Unpark()
	if err := p.ParkContext(ctx); err != why {
		t.Errorf("%v, want %v", err, why)
	}
	if !p.ParkTimeout(0) {
		t.Error("the permit is gone")
	}
}

// A sleep is ended by each kind of Unpark, however the goroutine sleeps, and
// what was written before is visible. Nothing is left for the sleep after.
func TestUnparkEndsASleep(t *testing.T) {
	parks := map[string]func(p *Parker){
		"Park":        (*Parker).Park,
		"ParkTimeout": func(p *Parker) { p.ParkTimeout(late) },
		"ParkContext": func(p *Parker) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			p.ParkContext(ctx)
		},
	}
	unparks := map[string]func(p *Parker, w *Waker){
		"Unpark":    func(p *Parker, _ *Waker) { p.Unpark() },
		"WakeByRef": func(_ *Parker, w *Waker) { w.WakeByRef() },
		"Wake":      func(_ *Parker, w *Waker) { c := w.Clone(); c.Wake() },
	}
	for park, f := range parks {
		for unpark, g := range unparks {
			var p Parker
			w := p.WakerRef().Clone()
			turn, said := 0, make(chan int)
			go func() {
				for i := range 100 {
					turn = i
					g(&p, &w)
					<-said
				}
			}()
			for i := range 100 {
				f(&p)
				if turn != i {
					t.Fatalf("%s, %s: sees turn %d in turn %d", park, unpark, turn, i)
				}
				said <- i
			}
			w.Drop()
			if p.ParkTimeout(0) {
				t.Errorf("%s, %s: a permit is left", park, unpark)
			}
		}
	}
}

// Time limits that end while others unpark: each Unpark is seen by a Park that
// returns true, and by no two of them.
func TestParkTimeoutMeetsUnpark(t *testing.T) {
	const rounds = 2000
	var p Parker
	done := make(chan struct{})
	sent := 0 // plain: the permit orders it
	next := make(chan struct{}, 1)
	go func() {
		defer close(done)
		for range rounds {
			sent++
			p.Unpark()
			<-next
		}
	}()
	for got := 0; got < rounds; {
		if !p.ParkTimeout(time.Duration(got%3) * time.Microsecond) {
			runtime.Gosched() // on one thread without preemption nobody else runs
			continue
		}
		if got++; sent != got {
			t.Fatalf("%d Unparks, %d Parks", sent, got)
		}
		next <- struct{}{}
	}
	<-done
	if p.ParkTimeout(soon) {
		t.Error("a permit is left")
	}
}

func TestTwoGoroutinesPark(t *testing.T) {
	var p Parker
	first := make(chan struct{})
	go func() { defer close(first); p.Park() }()
	for p.state.Load() != parkerAsleep {
		runtime.Gosched()
	}
	mustPanic(t, func() { p.ParkTimeout(0) }, "Parker", "two goroutines")
	p.Unpark() // the first is not hurt
	<-first
}

func TestParkerWakerRef(t *testing.T) {
	var p, q Parker
	r := p.WakerRef()
	if !r.WillWake(p.WakerRef()) || r.WillWake(q.WakerRef()) {
		t.Error("WillWake is not about the Parker")
	}
	w := r.Clone()
	if !w.WillWake(r) {
		t.Error("a clone wakes another")
	}
	w.WakeByRef()
	w.Wake()
	if !p.ParkTimeout(0) || p.ParkTimeout(0) || q.ParkTimeout(0) {
		t.Error("two wakes leave one permit, of the Parker they are of")
	}
}

// A fickle is a future for BlockOn, with what happened to it.
type fickle struct {
	ready   int // in this poll
	polls   int
	wakes   bool // itself, in each poll
	kept    chan *Waker
	inPoll  func()
	inDrop  func()
	dropped int
	outputs int // dropped
}

type fickleOutput struct{ f *fickle }

func (o *fickleOutput) Drop() {
	if o.f == nil {
		panic("an output that there never was is dropped")
	}
	o.f.outputs++
}

func (f *fickle) Poll(cx Context) (fickleOutput, bool) {
	f.polls++
	if f.inPoll != nil {
		f.inPoll()
	}
	if f.wakes {
		cx.Waker().WakeByRef()
	}
	if f.polls == f.ready {
		return fickleOutput{f}, true
	}
	if f.kept != nil {
		w := cx.Waker().Clone()
		f.kept <- &w
	}
	return fickleOutput{}, false
}

func (f *fickle) Drop() {
	f.dropped++
	if f.inDrop != nil {
		f.inDrop()
	}
}

func (f *fickle) want(t *testing.T, polls, outputs int) {
	t.Helper()
	if f.polls != polls || f.dropped != 1 || f.outputs != outputs {
		t.Errorf("%d polls, want %d; dropped %d times; %d outputs dropped, want %d", f.polls, polls, f.dropped, f.outputs, outputs)
	}
}

func TestBlockOn(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("why")

	f := &fickle{ready: 1}
	if out, err := BlockOn[fickleOutput](ctx, f); out.f != f || err != nil {
		t.Error(out, err)
	}
	f.want(t, 1, 0)

	f = &fickle{ready: 5, wakes: true}
	if out, err := BlockOn[fickleOutput](ctx, f); out.f != f || err != nil {
		t.Error(out, err)
	}
	f.want(t, 5, 0)

	f = &fickle{ready: 100, kept: make(chan *Waker, 1)}
	var wakers sync.WaitGroup
	wakers.Add(1)
	go func() {
		defer wakers.Done()
		for range 99 {
			w := <-f.kept
			w.Wake()
		}
	}()
	if out, err := BlockOn[fickleOutput](ctx, f); out.f != f || err != nil {
		t.Error(out, err)
	}
	wakers.Wait()
	f.want(t, 100, 0)

	f = &fickle{kept: make(chan *Waker, 1)}
	go func() {
		w := <-f.kept
		cancel(why)
		w.Drop()
	}()
	if out, err := BlockOn[fickleOutput](ctx, f); out.f != nil || err != why {
		t.Error(out, err)
	}
	f.want(t, 1, 0)

	// ctx has ended before: one poll, which may be ready, and never a second.
	f = &fickle{ready: 1}
	if out, err := BlockOn[fickleOutput](ctx, f); out.f != f || err != nil {
		t.Error(out, err)
	}
	f.want(t, 1, 0)
	f = &fickle{ready: 2, wakes: true}
	if out, err := BlockOn[fickleOutput](ctx, f); out.f != nil || err != why {
		t.Error(out, err)
	}
	f.want(t, 1, 0)
}

// Whatever ends a poll or a destructor goes on to the caller, and all is dropped.
func TestBlockOnPanics(t *testing.T) {
	block := func(f *fickle) func() {
		return func() { _, _ = BlockOn[fickleOutput](context.Background(), f) }
	}
	for _, c := range []struct {
		name    string
		f       fickle
		want    string
		outputs int
	}{
		{"poll panics", fickle{inPoll: panics("a")}, "panic: a", 0},
		{"poll exits", fickle{inPoll: exits}, "exit", 0},
		{"drop panics", fickle{ready: 1, inDrop: panics("b")}, "panic: b", 1},
		{"drop exits", fickle{ready: 1, inDrop: exits}, "exit", 1},
		{"both panic", fickle{inPoll: panics("a"), inDrop: panics("b")}, "panic: a\nb", 0},
	} {
		if e := ends(block(&c.f)); e.String() != c.want {
			t.Errorf("%s: %v, want %s", c.name, e, c.want)
		}
		c.f.want(t, 1, c.outputs)
	}
}

// The destructor may be the pointer's, as in a task.
func TestBlockOnDropsAValue(t *testing.T) {
	dropped := 0
	if v, err := BlockOn[int](context.Background(), byValue{&dropped}); v != 7 || err != nil || dropped != 1 {
		t.Error(v, err, dropped)
	}
}

type byValue struct{ dropped *int }

func (byValue) Poll(Context) (int, bool) { return 7, true }
func (v *byValue) Drop()                 { *v.dropped++ }

// Without time there is no sleep, and no timer.
func TestParkTimeoutWithoutTime(t *testing.T) {
	var p Parker
	for _, d := range []time.Duration{0, -1} {
		if p.ParkTimeout(d) {
			t.Error("a permit came from nowhere")
		}
		p.Unpark()
		if !p.ParkTimeout(d) {
			t.Error("the permit was not taken")
		}
	}
	if timed := reflect.ValueOf(&p.bed).Elem().FieldByName("timer"); timed.IsValid() && !timed.IsNil() {
		t.Error("it made a timer")
	}
}

// What unwinds where BlockOn is called is none of its business.
func TestBlockOnWhileUnwinding(t *testing.T) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for how, f := range unwinds {
		var err error
		e := ends(func() {
			defer func() {
				_, err = BlockOn[int](ended, FutureFunc[int](func(Context) (int, bool) { return 0, false }))
			}()
			f()
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: BlockOn returned %v", how, err)
		}
		wantUnwound(t, how, e)
	}
}
