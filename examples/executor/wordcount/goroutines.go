package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// countWithGoroutines is countWithTasks with a goroutine for each file, and a
// channel.
func countWithGoroutines(l *library, p *progress, out io.Writer) (counts, error) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	defer func() {
		close(stop)
		<-stopped
	}()
	go func() {
		defer close(stopped)
		ticks := time.NewTicker(tick)
		defer ticks.Stop()
		for {
			select {
			case <-ticks.C:
				p.show(out)
			case <-stop:
				return
			}
		}
	}()

	results := make(chan counts, openFiles)
	open := make(chan struct{}, openFiles)
	failed := make(chan error, 1)
	var all sync.WaitGroup
	for _, name := range l.files {
		all.Add(1)
		go func() {
			defer all.Done()
			open <- struct{}{}
			defer func() { <-open }()
			words, err := countFile(name)
			if err != nil {
				select {
				case failed <- err:
				default:
				}
				return
			}
			results <- words
		}()
	}
	go func() {
		all.Wait()
		close(results)
	}()
	total := counts{}
	for words := range results {
		p.add(add(total, words))
	}
	select {
	case err := <-failed:
		return nil, fmt.Errorf("counting with goroutines: %w", err)
	default:
		return total, nil
	}
}

func countFile(name string) (counts, error) {
	c, err := open(name)
	if err != nil {
		return nil, err
	}
	defer c.close()
	for {
		end, err := c.piece()
		if end || err != nil {
			return c.words, err
		}
	}
}

// waitWithGoroutines is waitWithTasks with goroutines.
func waitWithGoroutines(n int) (end func()) {
	var waiting, all sync.WaitGroup
	gate := make(chan struct{})
	waiting.Add(n)
	all.Add(n)
	for range n {
		go func() {
			defer all.Done()
			waiting.Done()
			<-gate
		}()
	}
	waiting.Wait()
	return func() {
		close(gate)
		all.Wait()
	}
}
