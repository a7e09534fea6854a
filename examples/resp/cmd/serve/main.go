// Command serve is a Redis-protocol server: see package resp.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/rouse-go/rouse/examples/resp"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func run() error {
	d := resp.DefaultLimits
	addr := flag.String("addr", "127.0.0.1:6380", "listen on this address; port 0 picks a free one")
	cfg := resp.Config{Log: slog.New(slog.NewTextHandler(os.Stderr, nil))}
	flag.IntVar(&cfg.Loops, "loops", resp.DefaultLoops(), "event loops")
	flag.BoolVar(&cfg.Portable, "portable", false, "use the reactor over package net")
	flag.IntVar(&cfg.Limits.MaxBulk, "max-bulk", d.MaxBulk, "bytes of one argument")
	flag.IntVar(&cfg.Limits.MaxArgs, "max-args", d.MaxArgs, "arguments of one command")
	flag.IntVar(&cfg.Limits.MaxRequest, "max-request", d.MaxRequest, "bytes of one command")
	flag.IntVar(&cfg.Limits.OutSoft, "out-soft", d.OutSoft, "unsent bytes from which a client is not read from")
	flag.IntVar(&cfg.Limits.OutHard, "out-hard", d.OutHard, "unsent bytes at which a client is disconnected")
	flag.IntVar(&cfg.Limits.MaxSubs, "max-subs", d.MaxSubs, "bytes of the channels one client subscribes to, and 512 for each")
	flag.IntVar(&cfg.Limits.MaxClients, "max-clients", d.MaxClients, "connections")
	flag.IntVar(&cfg.Limits.MaxMemory, "max-memory", d.MaxMemory, "bytes that all clients hold together before the largest are disconnected")
	debugAddr := flag.String("debug-addr", "", "serve the page of the tasks on this address; empty: do not")
	timeline := flag.String("timeline", "", "write a timeline of the tasks to this file (needs the build tag rouse_trace)")
	flag.Parse()
	if flag.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flag.Arg(0))
	}

	cfg.Describe = *debugAddr != "" || *timeline != ""
	closeTimeline, err := startTimeline(*timeline, &cfg)
	if err != nil {
		return err
	}
	s, err := resp.Listen(*addr, cfg)
	if err != nil {
		return errors.Join(err, closeTimeline())
	}
	page, err := debug(*debugAddr, s)
	if err != nil {
		return errors.Join(err, closeTimeline())
	}
	fmt.Printf("serving on %s, loops %d\n", s.Addr(), s.Loops())
	if page != "" {
		fmt.Printf("tasks on %s\n", page)
	}

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		signal.Stop(signals) // a second one ends the process at once
		s.Shutdown()
	}()
	if err := errors.Join(s.Serve(), closeTimeline()); err != nil {
		return err
	}
	st := s.Stats()
	fmt.Printf("shut down: tasks spawned %d = completed %d + cancelled %d, released %d\n",
		st.Spawned, st.Completed, st.Cancelled, st.Released)
	if !st.Balanced() {
		return fmt.Errorf("something is left after shutdown: %+v", st)
	}
	return nil
}
