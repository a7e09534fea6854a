package resp

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"
)

// A logbook counts the lines of a log by their message.
type logbook struct {
	mu    sync.Mutex
	lines map[string]int
}

func (b *logbook) Enabled(context.Context, slog.Level) bool { return true }
func (b *logbook) WithAttrs([]slog.Attr) slog.Handler       { return b }
func (b *logbook) WithGroup(string) slog.Handler            { return b }

func (b *logbook) Handle(_ context.Context, r slog.Record) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.lines == nil {
		b.lines = make(map[string]int)
	}
	b.lines[r.Message]++
	return nil
}

// expect fails if a message has more lines than the time since start allows, or
// if one of kinds has none.
func (b *logbook) expect(t *testing.T, start time.Time, kinds ...noticeKind) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	most := 1 + int(time.Since(start)/noticeEvery)
	for _, k := range kinds {
		if n := b.lines[noticeTexts[k].text]; n < 1 || n > most {
			t.Errorf("%q is %d times in the log, want 1 to %d", noticeTexts[k].text, n, most)
		}
	}
}

// What clients can bring about as often as they like is counted each time, and
// is in the log once in a while.
func TestNotices(t *testing.T) {
	const each = 20
	var log logbook
	start := time.Now()
	lim := small
	lim.MaxClients = 1
	s := serve(t, Config{Loops: 1, Limits: lim, Linger: patience, Log: slog.New(&log)})
	for range each {
		p := dial(t, s)
		p.send("*x\r\n")
		p.expect("-ERR Protocol error: invalid multibulk length\r\n")
		p.expectEnd()
		p.Close()
		awaitGone(t, s, 0)
		p = dial(t, s)
		p.send("PING\r\n")
		p.expect("+PONG\r\n")
		q := dial(t, s)
		q.expect("-ERR max number of clients reached\r\n")
		q.Close()
		awaitGone(t, s, 1)
		p.send("host: here\r\n")
		io.ReadAll(p.r)
		p.Close()
		awaitGone(t, s, 0)
	}
	if st := s.Stats(); st.ProtocolErrors != each || st.Rejected != each || st.CrossProtocol != each {
		t.Errorf("%+v", st)
	}
	log.expect(t, start, badProtocol, tooManyClients, crossProtocol)

	p := dial(t, s)
	p.send("INFO stats\r\n")
	info := p.bulk()
	for _, line := range []string{"protocol_errors:20", "rejected_connections:20", "cross_protocol_requests:20", "evicted_clients:0"} {
		if !hasLine(info, line) {
			t.Errorf("INFO has no line %q:\n%s", line, info)
		}
	}
}

// An HTTP request is not executed, neither its body nor what it begins with.
func TestCrossProtocol(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		for _, head := range []string{
			"POST / HTTP/1.0\r\nContent-Length: 10\r\n\r\n",
			"post / HTTP/1.1\r\n\r\n",
			"PUT / HTTP/1.1\r\nHost: 127.0.0.1:6380\r\nContent-Length: 10\r\n\r\n",
			"GET / HTTP/1.1\r\nhost: x\r\n\r\n",
		} {
			p := dial(t, s)
			p.send(head + "SET broken 1\r\n")
			io.ReadAll(p.r)
			p.Close()
		}
		awaitGone(t, s, 0)
		p := dial(t, s)
		p.send(fields("EXISTS broken"))
		p.expect(":0\r\n")
		if n := s.Stats().CrossProtocol; n != 4 {
			t.Errorf("%d are counted", n)
		}
	})
}
