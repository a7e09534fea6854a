package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// checkWaiting has connections wait for each other: blocked pops are served in
// order of arrival or time out, and subscribers get every message in order.
func (c *contender) checkWaiting(ctx context.Context) error {
	p, err := c.start(ctx)
	if err != nil {
		return err
	}
	defer p.kill()
	cl := p.client(200)
	defer cl.Close()
	if err := errors.Join(checkPops(ctx, cl), checkTimeout(ctx, cl), checkChannel(ctx, cl)); err != nil {
		return err
	}
	cl.Close()
	last, err := p.stop()
	fmt.Printf("%-10s  %d blocked pops, %d subscribers with %d messages each: right\n", c.name, waiters, listeners, messages)
	if last != "" {
		fmt.Printf("%-10s  %s\n", c.name, last)
	}
	return err
}

const (
	waiters   = 100
	listeners = 50
	messages  = 20
)

// checkPops blocks one client after the other, and pushes to all at once.
func checkPops(ctx context.Context, cl *redis.Client) error {
	got := make([]string, waiters)
	errs := make([]error, waiters)
	var wg sync.WaitGroup
	for i := range waiters {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var kv []string
			if kv, errs[i] = cl.BLPop(ctx, 20*time.Second, "jobs").Result(); errs[i] == nil {
				got[i] = kv[1]
			}
		}()
		if err := until(ctx, cl, "blocked_clients", fmt.Sprint(i+1)); err != nil {
			return err
		}
	}
	jobs := make([]any, waiters)
	for i := range jobs {
		jobs[i] = fmt.Sprint("job ", i)
	}
	if err := cl.RPush(ctx, "jobs", jobs...).Err(); err != nil {
		return err
	}
	wg.Wait()
	for i := range got {
		if errs[i] == nil && got[i] != jobs[i] {
			errs[i] = fmt.Errorf("blocked pop %d got %q, want %q", i, got[i], jobs[i])
		}
	}
	return errors.Join(errs...)
}

func checkTimeout(ctx context.Context, cl *redis.Client) error {
	start := time.Now()
	_, err := cl.BLPop(ctx, time.Second, "nothing").Result()
	if !errors.Is(err, redis.Nil) {
		return fmt.Errorf("a pop with nothing to come ended with %v, want nil", err)
	}
	if d := time.Since(start); d < time.Second {
		return fmt.Errorf("a pop with a timeout of 1 s ended after %v", d)
	}
	return nil
}

func checkChannel(ctx context.Context, cl *redis.Client) error {
	errs := make([]error, listeners)
	var wg sync.WaitGroup
	for i := range listeners {
		sub := cl.Subscribe(ctx, "news")
		defer sub.Close()
		if _, err := sub.Receive(ctx); err != nil {
			return err
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			for m := range messages {
				msg, err := sub.ReceiveMessage(ctx)
				if want := fmt.Sprint("message ", m); err == nil && msg.Payload != want {
					err = fmt.Errorf("subscriber %d got %q, want %q", i, msg.Payload, want)
				}
				if err != nil {
					errs[i] = err
					return
				}
			}
		}()
	}
	for m := range messages {
		n, err := cl.Publish(ctx, "news", fmt.Sprint("message ", m)).Result()
		if err == nil && n != listeners {
			err = fmt.Errorf("PUBLISH reached %d subscribers, want %d", n, listeners)
		}
		if err != nil {
			return err
		}
	}
	wg.Wait()
	return errors.Join(errs...)
}

// until waits for a line of INFO.
func until(ctx context.Context, cl *redis.Client, field, want string) error {
	for {
		got, err := cl.InfoMap(ctx, "clients").Result()
		if err != nil {
			return err
		}
		if got["Clients"][field] == want {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		time.Sleep(time.Millisecond)
	}
}
