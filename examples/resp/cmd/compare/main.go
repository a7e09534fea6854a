// Command compare drives the resp server and its goroutine-per-connection twin
// with a real client, checks every reply, and prints one table. It exits with
// 0 only if every reply was right.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

type config struct {
	serve, twin string
	conns       int
	seconds     int
	idle        int
	loops       int
}

// deadline bounds a run that has got stuck.
const deadline = 2 * time.Minute

func main() {
	var cfg config
	dir := "."
	if exe, err := os.Executable(); err == nil {
		dir = filepath.Dir(exe)
	}
	flag.StringVar(&cfg.serve, "serve", filepath.Join(dir, "resp-serve"), "the resp server")
	flag.StringVar(&cfg.twin, "twin", filepath.Join(dir, "resp-twin"), "its twin")
	flag.IntVar(&cfg.conns, "conns", 1000, "connections of the load")
	flag.IntVar(&cfg.seconds, "seconds", 8, "seconds of load on each server")
	flag.IntVar(&cfg.idle, "idle", 5000, "idle connections to measure memory with")
	flag.IntVar(&cfg.loops, "loops", 0, "event loops of the resp server; 0 is its default")
	flag.Parse()
	if cfg.conns < 1 || cfg.seconds < 1 || cfg.idle < 1 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, cancel := context.WithTimeout(context.Background(), deadline+2*time.Duration(cfg.seconds)*time.Second)
	defer cancel()
	if err := run(ctx, cfg); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

// A contender is one of the two servers, and what was measured of it.
type contender struct {
	name string
	args []string // of its process
	load result
	idle idleResult
}

func run(ctx context.Context, cfg config) error {
	task := &contender{name: "rouse", args: []string{cfg.serve, "-addr", "127.0.0.1:0"}}
	if cfg.loops > 0 {
		task.args = append(task.args, "-loops", fmt.Sprint(cfg.loops))
	}
	twin := &contender{name: "goroutines", args: []string{cfg.twin, "-addr", "127.0.0.1:0"}}
	both := []*contender{task, twin}

	for _, c := range both {
		if err := c.measureIdle(ctx, cfg.idle); err != nil {
			return fmt.Errorf("%s, idle connections: %w", c.name, err)
		}
	}
	if err := task.checkWaiting(ctx); err != nil {
		return fmt.Errorf("%s, connections that wait for each other: %w", task.name, err)
	}
	if err := measureLoad(ctx, cfg, both); err != nil {
		return err
	}
	report(os.Stdout, cfg, both)
	for _, c := range both {
		if c.load.wrong > 0 {
			return fmt.Errorf("%s: %d wrong replies, the first: %w", c.name, c.load.wrong, c.load.err)
		}
	}
	fmt.Printf("every reply was right: %d of them\n", task.load.ops+twin.load.ops)
	return nil
}
