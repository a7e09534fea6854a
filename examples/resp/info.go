package resp

import (
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
	"strings"
	"time"

	"github.com/rouse-go/rouse/examples/resp/internal/rss"
)

func info(c *conn, args [][]byte) {
	s := c.loop.srv
	st := s.Stats()
	sections := []struct{ name, text string }{
		{"server", lines(
			"redis_version", version,
			"os", runtime.GOOS+" "+runtime.GOARCH,
			"process_id", os.Getpid(),
			"tcp_port", port(s.addr.String()),
			"uptime_in_seconds", int(time.Since(s.start).Seconds()),
			"loops", len(s.loops))},
		{"clients", lines(
			"connected_clients", st.Clients,
			"blocked_clients", st.Blocked,
			"maxclients", s.cfg.Limits.MaxClients)},
		{"memory", lines(
			"used_memory", usedMemory(),
			"used_memory_rss", rss.Bytes(),
			"maxmemory", 0,
			"mem_clients_normal", st.Memory,
			"maxmemory_clients", s.cfg.Limits.MaxMemory)},
		{"persistence", lines("loading", 0)},
		{"stats", lines(
			"total_connections_received", s.lastID.Load(),
			"total_commands_processed", st.Commands,
			"pubsub_channels", st.Channels) + s.noticed()},
		{"tasks", lines(
			"tasks_spawned", st.Spawned,
			"tasks_completed", st.Completed,
			"tasks_cancelled", st.Cancelled,
			"tasks_released", st.Released,
			"wakers_outstanding", st.Wakers)},
		{"replication", lines("role", "master", "connected_slaves", 0)},
		{"keyspace", s.keyspace()},
	}
	var b strings.Builder
	for _, sec := range sections {
		if !wanted(args[1:], sec.name) {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\r\n")
		}
		fmt.Fprintf(&b, "# %s%s\r\n%s", strings.ToUpper(sec.name[:1]), sec.name[1:], sec.text)
	}
	c.page(b.String())
}

func wanted(names [][]byte, section string) bool {
	for _, n := range names {
		switch name := strings.ToLower(string(n)); name {
		case section, "all", "default", "everything":
			return true
		}
	}
	return len(names) == 0
}

func lines(pairs ...any) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&b, "%s:%v\r\n", pairs[i], pairs[i+1])
	}
	return b.String()
}

// usedMemory returns the bytes of the heap's objects, those included that the
// collector has not met yet.
func usedMemory() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func (s *Server) noticed() string {
	var b strings.Builder
	for k := range noticeKinds {
		b.WriteString(lines(noticeTexts[k].field, s.notices.count(k)))
	}
	return b.String()
}

func (s *Server) keyspace() string {
	var b strings.Builder
	for i, db := range s.stores {
		if n := db.size(); n > 0 {
			fmt.Fprintf(&b, "db%d:keys=%d\r\n", i, n)
		}
	}
	return b.String()
}

func port(addr string) string { return addr[strings.LastIndexByte(addr, ':')+1:] }
