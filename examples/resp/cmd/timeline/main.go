// Command timeline writes a timeline of the server under a small load, for
// Perfetto: two loops, and clients that block, publish, subscribe, get and set.
// It must be built with the tag rouse_trace.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/examples/resp"
	"github.com/rouse-go/rouse/trace"
)

func main() {
	out := flag.String("out", "timeline.json", "write the timeline to this file")
	rounds := flag.Int("rounds", 50, "of each client")
	flag.Parse()
	if err := run(*out, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "timeline:", err)
		os.Exit(1)
	}
}

func run(out string, rounds int) error {
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	t := trace.NewTimeline(f)
	if !rouse.SetTracer(t) {
		return errors.Join(errors.New("no tracing in this program: build it with -tags rouse_trace"), t.Close(), f.Close(), os.Remove(out))
	}
	err = load(rounds, func(i int) { t.Lane(fmt.Sprint("loop ", i)) })
	rouse.SetTracer(nil)
	if err = errors.Join(err, t.Close(), f.Close()); err != nil {
		return err
	}
	info, err := os.Stat(out)
	if err != nil {
		return err
	}
	fmt.Printf("wrote %s, %d KB: open it in https://ui.perfetto.dev\n", out, info.Size()>>10)
	return nil
}

// clients are what the connections do: conn 1 is the first of them.
var clients = []func(ctx context.Context, c *redis.Client, round int) error{
	func(ctx context.Context, c *redis.Client, _ int) error { return c.BLPop(ctx, 0, "jobs").Err() },
	func(ctx context.Context, c *redis.Client, i int) error { return c.RPush(ctx, "jobs", i).Err() },
	func(ctx context.Context, c *redis.Client, i int) error {
		return c.Set(ctx, "key", i, time.Minute).Err()
	},
	func(ctx context.Context, c *redis.Client, i int) error { return c.Publish(ctx, "news", i).Err() },
}

// load serves the clients and a subscriber, all busy at once.
func load(rounds int, onLoop func(int)) error {
	s, err := resp.Listen("127.0.0.1:0", resp.Config{Loops: 2, Describe: true, OnLoop: onLoop})
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve() }()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return errors.Join(serveClients(ctx, s, rounds), <-served)
}

// serveClients shuts the server down when the clients are done.
func serveClients(ctx context.Context, s *resp.Server, rounds int) error {
	defer s.Shutdown()
	var conns []*redis.Client
	for range clients {
		c := dial(s)
		defer c.Close()
		if err := c.Ping(ctx).Err(); err != nil {
			return err
		}
		conns = append(conns, c)
	}
	last := dial(s)
	defer last.Close()
	sub := last.Subscribe(ctx, "news")
	defer sub.Close()
	if _, err := sub.Receive(ctx); err != nil {
		return err
	}
	var wg sync.WaitGroup
	errs := make([]error, len(clients)+1)
	start := func(i int, act func(round int) error) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for r := 0; r < rounds && errs[i] == nil; r++ {
				errs[i] = act(r)
			}
		}()
	}
	start(len(clients), func(int) error {
		_, err := sub.ReceiveMessage(ctx)
		return err
	})
	for i, act := range clients {
		start(i, func(round int) error { return act(ctx, conns[i], round) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

func dial(s *resp.Server) *redis.Client {
	return redis.NewClient(&redis.Options{Addr: s.Addr().String(), Protocol: 2, DisableIdentity: true, PoolSize: 1, MaxRetries: -1,
		DialTimeout: 30 * time.Second, ReadTimeout: 30 * time.Second})
}
