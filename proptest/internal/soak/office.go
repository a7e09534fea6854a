package main

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// An office is mailboxes of level 0, senders, and owners, who suspend the mailboxes,
// close them and open them again.
type office struct {
	r     *round
	pool  chan *mailbox // with room for all
	boxes []*mailbox
	stops bool // mailboxes end by themselves too

	posted, handled atomic.Uint64 // letters
}

const (
	boxes   = 16
	senders = 3
	owners  = 2
	sends   = 1500 // of each sender
)

func (r *round) newOffice(seed uint64) *office {
	o := &office{r: r, pool: make(chan *mailbox, boxes)}
	for i := range boxes {
		m := &mailbox{o: o, id: i, rng: rand.New(rand.NewPCG(seed, uint64(i))), accepted: make([]int, senders+boxes), handled: make([]int, senders+boxes)}
		o.boxes = append(o.boxes, m)
		if i%2 == 0 {
			m.state.Suspend() // until its owner comes to it
		}
	}
	return o
}

// office holds one from its opening to its end. In a closed one the owners close
// mailboxes while others post; in a whole one all are open until the senders are done.
func (r *round) office(seed uint64, e ending) {
	o := r.newOffice(seed)
	o.stops = e != whole
	var pool, sending, owning sync.WaitGroup
	for range r.workers {
		pool.Add(1)
		go func() {
			defer pool.Done()
			for m := range o.pool {
				m.run()
				runtime.Gosched()
			}
		}()
	}
	sent := make(chan struct{})
	for i := range senders {
		sending.Add(1)
		go func() {
			defer sending.Done()
			o.send(i, rand.New(rand.NewPCG(seed, uint64(100+i))))
		}()
	}
	for i := range owners {
		owning.Add(1)
		go func() {
			defer owning.Done()
			own := o.boxes[i*boxes/owners : (i+1)*boxes/owners]
			o.own(own, rand.New(rand.NewPCG(seed, uint64(200+i))), e, sent)
			for _, m := range own {
				m.resume()
			}
			o.quiet()
			for _, m := range own {
				m.close()
				m.ended()
			}
		}()
	}
	sending.Wait()
	close(sent)
	owning.Wait()
	if r.failed() {
		return // and some may never end
	}
	close(o.pool)
	pool.Wait()
	for _, m := range o.boxes {
		for s, n := range m.accepted {
			if m.handled[s] != n {
				r.failf("of %d letters of sender %d to a mailbox %d were handled", n, s, m.handled[s])
			}
		}
		if !m.state.Load().Complete() || len(o.pool) != 0 {
			r.failf("a mailbox that has ended is %v", &m.state)
		}
	}
	r.posted.Add(o.posted.Load())
	r.handled.Add(o.handled.Load())
	r.offices.Add(1)
}

func (o *office) send(from int, rng *rand.Rand) {
	for i := range sends {
		o.boxes[rng.IntN(boxes)].post(from, rng.IntN(3))
		if i%16 == 0 {
			runtime.Gosched()
		}
	}
}

// own does what an owner does to its mailboxes, until all is sent.
func (o *office) own(boxes []*mailbox, rng *rand.Rand, e ending, sent chan struct{}) {
	for {
		m := boxes[rng.IntN(len(boxes))]
		switch p := rng.IntN(10); {
		case p < 5:
			m.pause(rng)
		case p < 8:
			m.resume()
		case e != whole:
			m.restart(rng)
		}
		select {
		case <-sent:
			return
		default:
			runtime.Gosched()
		}
	}
}

// pause suspends the mailbox. If no run is in progress or owed, what the runs use is
// the owner's.
func (m *mailbox) pause(rng *rand.Rand) {
	if m.state.Suspend() {
		if m.inside.Swap(true) {
			m.o.r.failf("a run is in progress, and Suspend says it is not")
		}
		m.ends++
		for range rng.IntN(3) {
			runtime.Gosched()
		}
		m.ends--
		m.inside.Store(false)
	}
	if rng.IntN(2) == 0 {
		m.resume()
	}
}

func (m *mailbox) resume() {
	if m.state.Resume() {
		m.start()
	}
}

// restart closes the mailbox, waits for its end, and opens it again, at once or
// suspended.
func (m *mailbox) restart(rng *rand.Rand) {
	m.close()
	if !m.ended() {
		return
	}
	if m.post(0, 0) { // it is sender 0's count that would be wrong then
		m.o.r.failf("a mailbox that was closed accepts a letter")
	}
	if rng.IntN(2) == 0 && !m.state.Suspend() {
		m.o.r.failf("a run of a finished mailbox is in progress")
	}
	if n := m.ends; n != m.restarts+1 || !m.state.Open() {
		m.o.r.failf("a mailbox was finished %d times, and opened %d times, and is not opened: %v", n, m.restarts, &m.state)
	}
	m.restarts++
}

// ended waits for the end of a mailbox that was closed.
func (m *mailbox) ended() bool {
	for start := time.Now(); !m.state.Load().Complete(); runtime.Gosched() {
		if time.Since(start) > patience {
			m.o.r.failf("a mailbox that was closed does not end: %v", &m.state)
			return false
		}
	}
	return true
}

// quiet waits until all that was accepted is handled, in mailboxes that are open.
func (o *office) quiet() {
	for start := time.Now(); o.handled.Load() != o.posted.Load(); runtime.Gosched() {
		if time.Since(start) > patience {
			o.r.failf("of %d letters %d are handled, and nothing goes on: a notification is lost", o.posted.Load(), o.handled.Load())
			return
		}
	}
}
