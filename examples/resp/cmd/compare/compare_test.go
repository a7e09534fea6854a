package main

import (
	"bufio"
	"context"
	"errors"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

func TestHistogram(t *testing.T) {
	var h histogram
	for i := range 1000 {
		h.record(time.Duration(i+1) * time.Millisecond)
	}
	for _, tt := range []struct {
		q    float64
		want time.Duration
	}{{0, time.Millisecond}, {0.5, 500 * time.Millisecond}, {0.99, 990 * time.Millisecond}, {0.9999, time.Second}} {
		got := h.quantile(tt.q)
		if off := (got - tt.want).Abs(); off > tt.want/16 {
			t.Errorf("quantile %v is %v, want %v within a sixteenth", tt.q, got, tt.want)
		}
	}
	h.record(-1)
	h.record(1 << 62)
	for ns := uint64(1); ns < 1<<50; ns = ns*9/8 + 1 {
		b := bucket(ns)
		if v := uint64(value(b)); v > ns+ns/16+1 || ns > v+v/16+1 {
			t.Fatalf("%d ns is in bucket %d, whose value is %d", ns, b, v)
		}
	}
}

// The whole comparison, in small.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	cfg := config{conns: 20, seconds: 1, idle: 100, loops: 2}
	for name, path := range map[string]*string{"serve": &cfg.serve, "twin": &cfg.twin} {
		*path = filepath.Join(dir, name)
		if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", *path, "../"+name).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	if err := run(ctx, cfg); err != nil {
		t.Error(err)
	}
}

// A server that answers OK, or 1, whatever it is asked, is found out.
func TestWrongReplies(t *testing.T) {
	for _, answer := range []string{"+OK\r\n", ":7\r\n", "$3\r\nold\r\n"} {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer ln.Close()
		go answerAll(ln, answer)
		cl := redis.NewClient(&redis.Options{Addr: ln.Addr().String(), Protocol: 2, DisableIdentity: true, MaxRetries: -1,
			DialTimeout: 30 * time.Second, ReadTimeout: 30 * time.Second})
		defer cl.Close()
		w := &worker{conn: cl.Conn(), key: "k", counter: "c"}
		for range 4 {
			w.step(context.Background())
		}
		if w.wrong < 2 || w.err == nil {
			t.Errorf("%q to everything: %d wrong replies, %v", answer, w.wrong, w.err)
		}
	}
}

func answerAll(ln net.Listener, answer string) {
	for {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			r := bufio.NewReader(c)
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if strings.HasPrefix(line, "*") { // once for each command
					c.Write([]byte(answer))
				}
			}
		}()
	}
}

// A server that does not start is an error, not a hang.
func TestNoServer(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	err := run(context.Background(), config{serve: none, twin: none, conns: 1, seconds: 1, idle: 1})
	var e *exec.Error
	if err == nil || !errors.As(err, &e) && !strings.Contains(err.Error(), "no such file") {
		t.Errorf("the error is %v", err)
	}
}
