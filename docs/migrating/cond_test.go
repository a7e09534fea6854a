package migrating_test

import (
	"context"
	"sync"

	"github.com/rouse-go/rouse"
)

type CondWorker struct {
	mu    sync.Mutex
	more  sync.Cond // its L is &mu
	queue []int
}

func (w *CondWorker) Post(v int) {
	w.mu.Lock()
	w.queue = append(w.queue, v)
	w.mu.Unlock()
	w.more.Signal()
}

func (w *CondWorker) Next() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.queue) == 0 {
		w.more.Wait()
	}
	v := w.queue[0]
	w.queue = w.queue[1:]
	return v
}

type ParkWorker struct {
	mu    sync.Mutex
	queue []int
	more  rouse.Parker
}

func (w *ParkWorker) Post(v int) {
	w.mu.Lock()
	w.queue = append(w.queue, v)
	w.mu.Unlock()
	w.more.Unpark()
}

func (w *ParkWorker) Next(ctx context.Context) (int, error) {
	for {
		if v, ok := w.pop(); ok {
			return v, nil
		}
		if err := w.more.ParkContext(ctx); err != nil {
			return 0, err
		}
	}
}

func (w *ParkWorker) pop() (v int, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 {
		return 0, false
	}
	v, w.queue = w.queue[0], w.queue[1:]
	return v, true
}
