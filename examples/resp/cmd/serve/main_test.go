//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
)

const childEnv = "SERVE_TEST_ARGS"

// TestMain lets the test binary be the command.
func TestMain(m *testing.M) {
	if args := os.Getenv(childEnv); args != "" {
		// On a free port, and not for ever, whatever becomes of the test.
		os.Args = append([]string{os.Args[0], "-addr", "127.0.0.1:0"}, strings.Fields(args)...)
		time.AfterFunc(2*patience, func() { os.Exit(3) })
		main()
		return
	}
	os.Exit(m.Run())
}

const patience = 30 * time.Second

var lastLine = regexp.MustCompile(`^shut down: tasks spawned (\d+) = completed (\d+) \+ cancelled (\d+), released (\d+)\n$`)

// An interrupt ends every task, whatever it is at, and the command says so.
func TestInterrupt(t *testing.T) {
	for _, args := range []string{"-loops 1", "-loops 3", "-loops 1 -portable", "-loops 3 -portable"} {
		for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
			t.Run(args+" "+sig.String(), func(t *testing.T) {
				t.Parallel()
				interrupt(t, args, sig)
			})
		}
	}
}

// start runs the command, on a port of its own, until the test ends.
func start(t *testing.T, args string) (*exec.Cmd, *bufio.Reader) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(exe)
	child.Env = append(os.Environ(), childEnv+"="+args)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(patience, func() { child.Process.Kill() })
	t.Cleanup(func() {
		kill.Stop()
		child.Process.Kill()
	})
	return child, bufio.NewReader(out)
}

func interrupt(t *testing.T, args string, sig os.Signal) {
	child, lines := start(t, args)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	addr := strings.TrimSuffix(strings.Fields(first)[2], ",")
	occupy(t, addr)
	if err := child.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
	last, _ := lines.ReadString('\n')
	if err := child.Wait(); err != nil {
		t.Fatalf("the command ended by %v, its last line is %q", err, last)
	}
	m := lastLine.FindStringSubmatch(last)
	if m == nil || m[1] != m[4] {
		t.Fatalf("the last line is %q", last)
	}
}

// occupy leaves clients behind in every state that a connection can be in.
func occupy(t *testing.T, addr string) {
	bulk := "$100000\r\n" + strings.Repeat("v", 100_000) + "\r\n"
	for _, say := range []struct{ request, reply string }{
		{"PING\r\n", "+PONG\r\n"},
		{"PING\r\nBLPOP a b 0\r\n", "+PONG\r\n"},
		{"PING\r\nBLPOP a b 1000\r\nPING\r\n", "+PONG\r\n"},
		{"SUBSCRIBE c\r\n", "*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n"},
		{"PING\r\n*2\r\n$3\r\nGET\r\n$100\r\nabc", "+PONG\r\n"},
		{"SET k v EX 1000\r\n", "+OK\r\n"},
		{"*3\r\n$3\r\nSET\r\n$3\r\nbig\r\n" + bulk, "+OK\r\n"},
		{strings.Repeat("GET big\r\n", 1000), bulk}, // and does not read the rest
		{"*x\r\n", "-ERR Protocol error: invalid multibulk length\r\n"},
	} {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		c.SetDeadline(time.Now().Add(patience))
		if _, err := io.WriteString(c, say.request); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(say.reply))
		if n, err := io.ReadFull(c, got); string(got) != say.reply {
			t.Fatalf("%.40q: got %.80q, %v", say.request, got[:n], err)
		}
	}
}

func TestBadFlags(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "nowhere", "timeline.json")
	file := filepath.Join(t.TempDir(), "timeline.json")
	tests := []struct{ args, want string }{
		{"-addr nowhere", "serve: resp: listen tcp: address nowhere: missing port in address\n"},
		{"-loops -1", "serve: resp: Config.Loops is -1, want a positive number\n"},
		{"-out-hard 1", "serve: resp: Config.Limits.OutHard 1 is not above OutSoft 1048576 + MaxBulk 16777216: a value could be stored but not fetched\n"},
		{"-max-memory 1", "serve: resp: Config.Limits.MaxMemory 1 is below OutHard 67108864: one client could not hold what it may\n"},
		{"-timeline " + nowhere, "serve: timeline: open " + nowhere + ": no such file or directory\n"},
		{"-debug-addr nowhere", "serve: debug-addr: listen tcp: address nowhere: missing port in address\n"},
		{"extra", "serve: unexpected argument \"extra\"\n"},
	}
	if tracing := rouse.SetTracer(nil); !tracing {
		tests = append(tests, struct{ args, want string }{"-timeline " + file, "serve: timeline: no tracing in this program: build it with -tags rouse_trace\n"})
	}
	for _, tt := range tests {
		if out, err := output(t, tt.args); err == nil || out != tt.want {
			t.Errorf("serve %s: %v, %q; want %q", tt.args, err, out, tt.want)
		}
	}
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a timeline that was refused left a file: %v", err)
	}
}

// output runs the command to its end and returns all that it says.
func output(t *testing.T, args string) (string, error) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	child := exec.CommandContext(ctx, exe)
	child.Env = append(os.Environ(), childEnv+"="+args)
	out, err := child.CombinedOutput()
	return string(out), err
}

// With tracing built in, the timeline is in the file when the command ends.
func TestTimeline(t *testing.T) {
	file := filepath.Join(t.TempDir(), "timeline.json")
	if tracing := rouse.SetTracer(nil); !tracing {
		return // TestBadFlags has the rest
	}
	interrupt(t, "-loops 2 -timeline "+file, os.Interrupt)
	b, err := os.ReadFile(file)
	if err != nil || !json.Valid(b) || !bytes.Contains(b, []byte("acceptor")) {
		t.Errorf("%v, %d bytes of timeline: %.200q", err, len(b), b)
	}
}
