package staterun

import (
	"github.com/rouse-go/rouse"
)

// What follows is right, and no report is wanted.

func (b *box) yieldsOn(budget int) {
	for b.state.Begin() {
		if budget--; budget < 0 {
			b.state.Yield()
			b.work(b.run)
			return
		}
		b.drain()
		if !b.state.End() {
			return
		}
	}
	b.finish()
}

func (b *box) finishesOrRuns() {
	if b.state.Finish() {
		close(b.done)
		return
	}
	b.drain()
	b.work(b.finish) // looks again, and finishes
}

func (b *box) finishesTells() bool {
	if !b.state.Finish() {
		return false // the caller goes on
	}
	close(b.done)
	return true
}

func (b *box) turn() {
	b.drain()
	b.state.Yield() // on every path: the caller knows
}

func (b *box) turnTells() (again bool) {
	if !b.state.Begin() {
		b.finish()
		return false
	}
	b.drain()
	return b.state.End()
}

func (b *box) async() {
	if !b.state.Begin() {
		b.finish()
		return
	}
	b.on(1) // which gives up the run, later
}

func (b *box) asyncOr() {
	if b.state.Begin() {
		if b.stop {
			b.submit()
			return
		}
		if b.state.End() {
			b.work(b.run)
		}
	} else {
		b.finish()
	}
}

func (b *box) submit() {
	b.work(func() {
		if b.state.End() {
			b.run()
		}
	})
}

type poller interface{ register(*box) }

// step starts something that gives up the run when it ends.
func (b *box) step(p poller) bool {
	if b.stop {
		p.register(b)
	}
	return b.stop
}

func (b *box) asyncStep(p poller) {
	for b.state.Begin() {
		if b.step(p) {
			return
		}
		if !b.state.End() {
			return
		}
	}
	b.finish()
}

func (b *box) stepValue() bool {
	b.work(b.ended)
	return true
}

func (b *box) ended() {
	if b.state.End() {
		b.run()
	}
}

func (b *box) asyncValue() {
	for b.state.Begin() {
		if b.stepValue() {
			return
		}
		if !b.state.End() {
			return
		}
	}
	b.finish()
}

func (b *box) handed(ch chan *box) {
	if b.state.Begin() {
		if b.stop {
			ch <- b
			return
		}
		if b.state.End() {
			b.work(b.run)
		}
	} else {
		b.finish()
	}
}

func (b *box) guards() {
	for b.state.Begin() {
		if !b.guarded() {
			return
		}
	}
	b.finish()
}

func (b *box) guarded() (again bool) {
	defer func() {
		if p := recover(); p != nil {
			b.stop = true
		}
		again = b.state.End()
	}()
	b.drain()
	return
}

func (b *box) guardsItself() {
	defer func() {
		if p := recover(); p != nil {
			if b.state.End() {
				go b.guardsItself()
			}
		}
	}()
	for b.state.Begin() {
		b.drain()
		if !b.state.End() {
			return
		}
	}
	b.finish()
}

func (b *box) raises() {
	defer func() {
		if p := recover(); p != nil {
			b.stop = true
			panic(p)
		}
	}()
	for b.state.Begin() {
		b.drain()
		if !b.state.End() {
			return
		}
	}
	b.finish()
}

func (b *box) deferredFinish() {
	if b.state.Close() {
		defer b.finish()
		b.drain()
	}
}

func (b *box) byLocal() {
	end := func() bool { return b.state.End() }
	if b.state.Begin() {
		if b.stop {
			end()
			return
		}
		if b.state.End() {
			b.work(b.run)
		}
	} else {
		b.finish()
	}
}

func (b *box) inline(f func()) {
	if !b.state.Notify() {
		return
	}
	for more := true; more; more = b.state.End() {
		if !b.state.Begin() {
			b.finish()
			return
		}
		f()
	}
}

func (b *box) ifSo(v int) {
	if !b.stop && b.state.Notify() {
		go b.run()
	}
}

func (b *box) whileGoing() {
	for b.state.Begin() && !b.stop {
		b.drain()
		if !b.state.End() {
			return
		}
	}
	b.finish()
}

func (b *box) again() {
	for {
		if !b.state.Begin() {
			b.finish()
			return
		}
		b.drain()
		if b.state.End() {
			continue
		}
		return
	}
}

// Nobody closes this one, so that Begin is always true.
type open struct {
	state rouse.State
	n     int
}

func (o *open) run() {
	if !o.state.Begin() {
		return
	}
	o.n++
	for o.state.End() {
		o.state.Begin()
	}
}

func both(a, b *box) {
	if a.state.End() {
		a.work(a.run)
	}
	if b.state.End() {
		b.work(b.run)
	}
}
