package main

import (
	"errors"
	"expvar"
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/examples/resp"
	"github.com/rouse-go/rouse/inspect"
	"github.com/rouse-go/rouse/trace"
)

// debug serves the server's tasks on /debug/tasks and its counters on
// /debug/vars, and returns the address of the former. The port is for the
// operator alone, as that of net/http/pprof is.
func debug(addr string, s *resp.Server) (page string, err error) {
	if addr == "" {
		return "", nil
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return "", fmt.Errorf("debug-addr: %w", err)
	}
	inspect.Publish("rouse", s.Lists()...)
	expvar.Publish("resp", expvar.Func(func() any { return s.Stats() }))
	mux := http.NewServeMux()
	mux.Handle("/debug/tasks", inspect.Handler(s.Lists()...))
	mux.Handle("/debug/vars", expvar.Handler())
	mux.Handle("/{$}", http.RedirectHandler("/debug/tasks", http.StatusFound))
	go http.Serve(ln, mux) // until the process ends
	return "http://" + ln.Addr().String() + "/debug/tasks", nil
}

// startTimeline starts to write a timeline to the file, in which each loop has
// its name, and returns what ends it.
func startTimeline(file string, cfg *resp.Config) (end func() error, err error) {
	if file == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, fmt.Errorf("timeline: %w", err)
	}
	t := trace.NewTimeline(f)
	if !rouse.SetTracer(t) {
		t.Close()
		f.Close()
		os.Remove(file)
		return nil, errors.New("timeline: no tracing in this program: build it with -tags rouse_trace")
	}
	cfg.OnLoop = func(i int) { t.Lane(fmt.Sprint("loop ", i)) }
	return func() error {
		rouse.SetTracer(nil)
		return errors.Join(t.Close(), f.Close())
	}, nil
}
