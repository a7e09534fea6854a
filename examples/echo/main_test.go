//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// limit ends what hangs. No test waits for it.
const limit = 30 * time.Second

// TestMain lets the test binary be the command.
func TestMain(m *testing.M) {
	if os.Getenv("ECHO_TEST") != "" {
		os.Args = []string{os.Args[0], "-addr", "127.0.0.1:0"}
		time.AfterFunc(2*limit, func() { os.Exit(3) })
		main()
		return
	}
	os.Exit(m.Run())
}

// serve runs a loop. stop ends it, and looks at what is left.
func serve(t *testing.T, patience time.Duration) (l *loop, stop func()) {
	s, err := listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l = &loop{sockets: s, conns: map[int]*conn{}, patience: patience}
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() {
		defer close(over)
		l.run(ctx)
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		select {
		case <-over:
		case <-time.After(limit):
			panic("the loop does not end") // with all stacks
		}
		s.close()
		if c := l.owned.Counters(); c.Live != 0 || len(l.conns) != 0 {
			t.Errorf("%d tasks and %d connections are left", c.Live, len(l.conns))
		}
	})
	t.Cleanup(stop)
	return l, stop
}

func dial(t *testing.T, addr string) net.Conn {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(limit))
	return c
}

func say(t *testing.T, c net.Conn, line string) {
	if _, err := io.WriteString(c, line); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, len(line))
	if _, err := io.ReadFull(c, got); err != nil || string(got) != line {
		t.Fatalf("%q came back as %q, %v", line, got, err)
	}
}

// lastWord reads to the end.
func lastWord(t *testing.T, c net.Conn, want string) {
	if got, err := io.ReadAll(c); err != nil || string(got) != want {
		t.Errorf("the last that came is %q, %v, want %q", got, err, want)
	}
}

func TestLines(t *testing.T) {
	l, _ := serve(t, time.Hour)
	var clients []net.Conn
	for range 50 {
		clients = append(clients, dial(t, l.sockets.addr.String()))
	}
	for i := range 20 {
		for j, c := range clients {
			say(t, c, fmt.Sprintf("line %d of client %d\n", i, j))
		}
	}
	clients[0].(*net.TCPConn).CloseWrite()
	lastWord(t, clients[0], "")
}

// A client that sends a lot before it reads fills the buffers of both sockets:
// then the loop keeps the rest, and reads no more until there is room.
func TestMoreThanTheSocketTakes(t *testing.T) {
	l, _ := serve(t, time.Hour)
	sent := bytes.Repeat([]byte("0123456789abcdef"), 1<<20) // 16 MB
	c, other := dial(t, l.sockets.addr.String()), dial(t, l.sockets.addr.String())
	failed := make(chan error, 1)
	go func() {
		_, err := c.Write(sent)
		failed <- err
	}()
	for range 100 {
		say(t, other, "and others are served meanwhile\n")
	}
	got := make([]byte, len(sent))
	if _, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, sent) {
		t.Error("something else came back", err)
	}
	if err := <-failed; err != nil {
		t.Error(err)
	}
}

// A client that does nothing is told and closed, and so is one that does not read.
func TestIdle(t *testing.T) {
	l, _ := serve(t, 20*time.Millisecond)
	c := dial(t, l.sockets.addr.String())
	lastWord(t, c, "bye: idle\n")

	c = dial(t, l.sockets.addr.String())
	chunk := make([]byte, 1<<20)
	for err := error(nil); err == nil; {
		_, err = c.Write(chunk)
		if ne, ok := err.(net.Error); ok && ne.Timeout() {
			t.Fatal("a client that does not read stays for ever")
		}
	}
}

// Whatever the connections are at, each is told, and all tasks end.
func TestShutdown(t *testing.T) {
	l, stop := serve(t, time.Hour)
	var clients []net.Conn
	for i := range 50 {
		c := dial(t, l.sockets.addr.String())
		if clients = append(clients, c); i%2 == 0 {
			say(t, c, "hello\n")
		}
	}
	stop()
	for i, c := range clients {
		if i%2 == 0 {
			lastWord(t, c, "bye: shut down\n")
		} else {
			io.Copy(io.Discard, c) // it may not have been accepted yet
		}
	}
}

// Timers wake tasks while the loop ends.
func TestShutdownWhileTimersFire(t *testing.T) {
	for i := range 20 {
		l, stop := serve(t, time.Duration(i)*100*time.Microsecond)
		for range 20 {
			dial(t, l.sockets.addr.String())
		}
		stop()
	}
}

// A signal ends the command, and nothing went wrong.
func TestSignal(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		exe, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		child := exec.Command(exe)
		child.Env = append(os.Environ(), "ECHO_TEST=1")
		child.Stderr = os.Stderr
		stdout, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { child.Process.Kill() })
		out := bufio.NewReader(stdout)
		first, _ := out.ReadString('\n')
		addr, ok := strings.CutPrefix(strings.TrimSpace(first), "listening on ")
		if !ok {
			t.Fatalf("the command says %q", first)
		}
		c := dial(t, addr)
		say(t, c, "hello\n")
		if err := child.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		lastWord(t, c, "bye: shut down\n")
		if rest, _ := io.ReadAll(out); string(rest) != "shut down; connections served: 1\n" {
			t.Errorf("the command says %q", rest)
		}
		if err := child.Wait(); err != nil {
			t.Error(sig, err)
		}
	}
}
