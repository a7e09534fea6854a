package resp

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// childEnv makes the test binary a server with few file descriptors.
const childEnv = "RESP_TEST_CHILD"

const childFiles = 64

func TestMain(m *testing.M) {
	if v := os.Getenv(childEnv); v != "" {
		if err := poorServer(v == "portable"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// poorServer serves until its standard input ends, and says what it has done.
func poorServer(portable bool) error {
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: childFiles, Max: childFiles}); err != nil {
		return err
	}
	var log logbook
	s, err := Listen("127.0.0.1:0", Config{Loops: 2, Portable: portable, Log: slog.New(&log)})
	if err != nil {
		return err
	}
	fmt.Println(s.Addr())
	go func() {
		io.Copy(io.Discard, os.Stdin)
		s.Shutdown()
	}()
	if err := s.Serve(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(poorStats{s.Stats(), log.lines[noticeTexts[acceptPaused].text]})
}

type poorStats struct {
	Stats
	Lines int // in the log, of pauses
}

// Out of file descriptors, the server stops accepting, serves the clients that
// it has, and accepts the others as descriptors come free.
func TestOutOfDescriptors(t *testing.T) {
	for _, kind := range []string{"default", "portable"} {
		t.Run(kind, func(t *testing.T) {
			exe, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			child := exec.Command(exe)
			child.Env = append(os.Environ(), childEnv+"="+kind)
			child.Stderr = os.Stderr
			in, _ := child.StdinPipe()
			out, _ := child.StdoutPipe()
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			defer child.Process.Kill()
			lines := bufio.NewReader(out)
			addr, err := lines.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			crowd(t, strings.TrimSpace(addr))

			in.Close()
			var st poorStats
			if err := json.NewDecoder(lines).Decode(&st); err != nil {
				t.Fatal(err)
			}
			if err := child.Wait(); err != nil {
				t.Fatal(err)
			}
			if !st.Balanced() || st.Pauses == 0 || st.Completed+st.Cancelled < 2*childFiles {
				t.Errorf("after shutdown: %+v", st)
			}
			// Each client that left had accepting tried again.
			if most := 1 + int(time.Since(start)/noticeEvery); st.Pauses <= int64(most) || st.Lines < 1 || st.Lines > most {
				t.Errorf("%d pauses, and %d lines in the log, want 1 to %d", st.Pauses, st.Lines, most)
			}
		})
	}
}

// crowd connects twice as many clients as the server has descriptors for. Each
// is served, and leaves only when all that the server has room for are in.
func crowd(t *testing.T, addr string) {
	const clients = 2 * childFiles
	var conns []net.Conn
	served := make(chan int, clients)
	for i := range clients {
		c, err := net.Dial("tcp", addr) // the backlog takes what the server does not accept
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(patience))
		conns = append(conns, c)
		go func() {
			io.WriteString(c, "PING\r\n")
			var pong [7]byte
			if _, err := io.ReadFull(c, pong[:]); err != nil || string(pong[:]) != "+PONG\r\n" {
				t.Errorf("client %d: %q, %v", i, pong, err)
			}
			served <- i
		}()
	}
	first := <-served
	for pauses := 0; pauses == 0; {
		pauses = acceptPauses(t, conns[first])
	}
	left := map[int]bool{first: true}
	conns[first].Close()
	for len(left) < clients {
		i := <-served
		conns[i].Close()
		left[i] = true
	}
}

func acceptPauses(t *testing.T, c net.Conn) (n int) {
	t.Helper()
	if _, err := io.WriteString(c, "INFO stats\r\n"); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(c)
	var size int
	if _, err := fmt.Fscanf(r, "$%d\r\n", &size); err != nil {
		t.Fatal(err)
	}
	text := make([]byte, size+2)
	if _, err := io.ReadFull(r, text); err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "accept_pauses:")
	fmt.Sscan(after, &n)
	return n
}
