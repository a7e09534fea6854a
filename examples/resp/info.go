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

// An infoSection is a part of what INFO answers, made only if it is asked for:
// some take a walk over all tasks.
type infoSection struct {
	name string
	text func(s *Server) string
}

var infoSections = []infoSection{
	{"server", (*Server).infoServer},
	{"clients", func(s *Server) string {
		return lines(
			"connected_clients", s.counters.clients.Load(),
			"blocked_clients", s.counters.blocked.Load(),
			"maxclients", s.cfg.Limits.MaxClients)
	}},
	{"memory", func(s *Server) string {
		return lines(
			"used_memory", usedMemory(),
			"used_memory_rss", rss.Bytes(),
			"maxmemory", 0,
			"mem_clients_normal", s.counters.memory.Load(),
			"maxmemory_clients", s.cfg.Limits.MaxMemory)
	}},
	{"persistence", func(*Server) string { return lines("loading", 0) }},
	{"stats", (*Server).infoStats},
	{"replication", func(*Server) string { return lines("role", "master", "connected_slaves", 0) }},
	{"tasks", (*Server).infoTasks},
	{"keyspace", (*Server).infoKeyspace},
}

func info(c *conn, args [][]byte) {
	var b strings.Builder
	for _, sec := range infoSections {
		if !wanted(args[1:], sec.name) {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\r\n")
		}
		fmt.Fprintf(&b, "# %s%s\r\n%s", strings.ToUpper(sec.name[:1]), sec.name[1:], sec.text(c.loop.srv))
	}
	c.page(b.String())
}

func (s *Server) infoServer() string {
	return lines(
		"redis_version", version,
		"os", runtime.GOOS+" "+runtime.GOARCH,
		"process_id", os.Getpid(),
		"tcp_port", port(s.addr.String()),
		"uptime_in_seconds", int(time.Since(s.start).Seconds()),
		"loops", len(s.loops))
}

func (s *Server) infoStats() string {
	text := lines(
		"total_connections_received", s.lastID.Load(),
		"total_commands_processed", s.commandCount(),
		"pubsub_channels", s.hub.count())
	for k := range noticeKinds {
		text += lines(noticeTexts[k].field, s.notices.count(k))
	}
	return text
}

func (s *Server) infoTasks() string {
	st := s.Stats()
	return lines(
		"tasks_spawned", st.Spawned,
		"tasks_completed", st.Completed,
		"tasks_cancelled", st.Cancelled,
		"tasks_released", st.Released,
		"wakers_outstanding", st.Wakers)
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

func (s *Server) infoKeyspace() string {
	var b strings.Builder
	for i, db := range s.stores {
		if n := db.size(); n > 0 {
			fmt.Fprintf(&b, "db%d:keys=%d\r\n", i, n)
		}
	}
	return b.String()
}

func port(addr string) string { return addr[strings.LastIndexByte(addr, ':')+1:] }
