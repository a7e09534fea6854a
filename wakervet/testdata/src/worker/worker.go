package worker

import (
	"log"

	"github.com/rouse-go/rouse"
)

type pool struct {
	q    rouse.RunQueue
	done chan any
	err  any
}

func (p *pool) start() {
	go p.worker()
	go func() {
		defer func() {
			recover() // want `a task's panic ends this worker, which runs no more tasks`
		}()
		for {
			n, ok := p.q.Pop()
			if !ok {
				return
			}
			n.Run()
		}
	}()
	go p.restarts()
	go p.tells()
	go p.each()
}

func (p *pool) worker() {
	defer func() {
		if v := recover(); v != nil { // want `a task's panic ends this worker, which runs no more tasks: recover around each Run, or start the worker again`
			log.Println("a task panicked:", v)
		}
	}()
	for n, ok := p.q.Pop(); ok; n, ok = p.q.Pop() {
		n.Run()
	}
}

// The rest is silent.

func (p *pool) restarts() {
	defer func() {
		if v := recover(); v != nil {
			go p.restarts()
		}
	}()
	for n, ok := p.q.Pop(); ok; n, ok = p.q.Pop() {
		n.Run()
	}
}

func (p *pool) tells() {
	defer func() { p.done <- recover() }()
	for n, ok := p.q.Pop(); ok; n, ok = p.q.Pop() {
		n.Run()
	}
}

func (p *pool) each() {
	for n, ok := p.q.Pop(); ok; n, ok = p.q.Pop() {
		p.guarded(n)
	}
}

func (p *pool) guarded(n rouse.Notified) {
	defer func() {
		if v := recover(); v != nil {
			log.Println(v)
		}
	}()
	n.Run()
}

// No goroutine: the caller goes on.
func (p *pool) drain() {
	defer func() { recover() }()
	for n, ok := p.q.Pop(); ok; n, ok = p.q.Pop() {
		n.Run()
	}
}
