package main

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

type result struct {
	ops     int64
	elapsed time.Duration
	latency histogram
	wrong   int64
	err     error // of the first wrong reply
}

// rounds is how many turns the servers take: what else the machine does in the
// meantime falls on both. It is even, and the order changes every time.
const rounds = 4

// measureLoad drives both servers, in turns, each by as many connections.
func measureLoad(ctx context.Context, cfg config, both []*contender) error {
	drivers := make([]*driver, len(both))
	for i, c := range both {
		p, err := c.start(ctx)
		if err != nil {
			return err
		}
		defer p.kill()
		if drivers[i], err = connect(ctx, c, p, cfg.conns); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	turn := time.Duration(cfg.seconds) * time.Second / rounds
	for r := range rounds {
		for i := range drivers {
			d := drivers[(i+r)%len(drivers)]
			d.drive(ctx, turn)
			fmt.Printf("%-10s  round %d of %d: %s\n", d.of.name, r+1, rounds, d.of.load.line())
		}
	}
	for _, d := range drivers {
		if err := d.close(); err != nil {
			return fmt.Errorf("%s: %w", d.of.name, err)
		}
	}
	return nil
}

// A driver is the clients of one server.
type driver struct {
	of      *contender
	proc    *process
	client  *redis.Client
	workers []*worker
}

// A worker is a connection, with keys of its own, so that it knows each reply.
type worker struct {
	conn    *redis.Conn
	key     string
	counter string
	steps   int64 // over all turns
	count   int64 // of SETs, and of INCRs once each has followed
	ops     int64
	latency histogram
	wrong   int64
	err     error
}

func connect(ctx context.Context, c *contender, p *process, n int) (*driver, error) {
	d := &driver{of: c, proc: p, client: p.client(n)}
	for i := range n {
		w := &worker{conn: d.client.Conn(), key: "key:" + strconv.Itoa(i), counter: "counter:" + strconv.Itoa(i)}
		if err := w.conn.Ping(ctx).Err(); err != nil {
			return nil, fmt.Errorf("connection %d: %w", i+1, err)
		}
		d.workers = append(d.workers, w)
	}
	return d, nil
}

// drive has all workers send requests for a while, one at a time each.
func (d *driver) drive(ctx context.Context, for_ time.Duration) {
	var stop atomic.Bool
	var wg sync.WaitGroup
	start := time.Now()
	for _, w := range d.workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for !stop.Load() && w.err == nil {
				w.step(ctx)
			}
		}()
	}
	time.Sleep(for_)
	stop.Store(true)
	wg.Wait()
	res := &d.of.load
	res.elapsed += time.Since(start)
	for _, w := range d.workers {
		res.ops += w.ops
		res.wrong += w.wrong
		if res.err == nil {
			res.err = w.err
		}
		res.latency.add(&w.latency)
		w.ops, w.wrong, w.latency = 0, 0, histogram{}
	}
}

// step is one request and the check of its reply.
func (w *worker) step(ctx context.Context) {
	var err error
	if w.steps%4 == 0 {
		w.count++
	}
	value := w.key + "=" + strconv.FormatInt(w.count, 10)
	start := time.Now()
	switch w.steps % 4 {
	case 0:
		err = w.conn.Set(ctx, w.key, value, 0).Err()
	case 1:
		var got string
		if got, err = w.conn.Get(ctx, w.key).Result(); err == nil && got != value {
			err = fmt.Errorf("GET %s: %q, want %q", w.key, got, value)
		}
	case 2:
		var n int64
		if n, err = w.conn.Incr(ctx, w.counter).Result(); err == nil && n != w.count {
			err = fmt.Errorf("INCR %s: %d, want %d", w.counter, n, w.count)
		}
	case 3:
		var got string
		if got, err = w.conn.Ping(ctx).Result(); err == nil && got != "PONG" {
			err = fmt.Errorf("PING: %q", got)
		}
	}
	w.latency.record(time.Since(start))
	w.steps++
	w.ops++
	if err != nil {
		w.wrong++
		w.err = err
	}
}

// close ends the clients, then the server, which must end in good order.
func (d *driver) close() error {
	for _, w := range d.workers {
		w.conn.Close()
	}
	d.client.Close()
	last, err := d.proc.stop()
	if last != "" {
		fmt.Printf("%-10s  %s\n", d.of.name, last)
	}
	return err
}
