package main

import (
	"encoding/csv"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A serverRow compares servers that are driven from outside, by
// redis-benchmark: operations per second, milliseconds or bytes.
type serverRow struct {
	name  string
	ours  float64
	peers []serverFigure
}

type serverFigure struct {
	name  string
	value float64
}

// A server is a program that speaks RESP.
type server struct {
	name string
	args func(port string) []string
	port string
	cmd  *exec.Cmd
}

const (
	requests = 20_000 // of each kind, a round

	// What a server allocates for the first connections is not theirs.
	firstConns, idleConns = 1000, 7000
)

// runServers drives each server in turn, a round of all after the other.
func runServers(o options) (rows []serverRow, err error) {
	for _, tool := range []string{"redis-server", "redis-benchmark"} {
		if _, err := exec.LookPath(tool); err != nil {
			fmt.Println("servers:", tool, "is not installed")
			return nil, nil
		}
	}
	servers, err := buildServers(o)
	if err != nil {
		return nil, err
	}
	figures := map[string]map[string][]float64{} // row → server → samples
	note := func(row, server string, v float64) {
		if figures[row] == nil {
			figures[row] = map[string][]float64{}
		}
		figures[row][server] = append(figures[row][server], v)
	}
	for round := range o.rounds {
		for _, s := range servers {
			progress("servers: %s, round %d of %d", s.name, round+1, o.rounds)
			if err := s.round(note); err != nil {
				return nil, fmt.Errorf("%s: %w", s.name, err)
			}
		}
		slices.Reverse(servers)
	}
	progress("")
	for _, name := range slices.Sorted(maps.Keys(figures)) {
		row := serverRow{name: name}
		for _, peer := range slices.Sorted(maps.Keys(figures[name])) {
			v := summary(figures[name][peer]).median
			if peer == "rouse" {
				row.ours = v
			} else {
				row.peers = append(row.peers, serverFigure{peer, v})
			}
		}
		rows = append(rows, row)
		fmt.Println(row)
	}
	return rows, nil
}

// loadRow names a row of the servers under load.
func loadRow(what string, conns, pipeline int) string {
	return fmt.Sprintf("RESP %s -c %d -P %d", what, conns, pipeline)
}

func buildServers(o options) ([]*server, error) {
	out, err := filepath.Abs(filepath.Join(o.root, "build"))
	if err != nil {
		return nil, err
	}
	resp, twin := filepath.Join(out, "bench-resp"), filepath.Join(out, "bench-redcon")
	if err := command(filepath.Join(o.root, "examples"), "go", "build", "-o", resp, "./resp/cmd/serve"); err != nil {
		return nil, err
	}
	if err := command(filepath.Join(o.root, "bench", "twins"), "go", "build", "-o", twin, "./redcon"); err != nil {
		return nil, err
	}
	listen := func(path string) func(string) []string {
		return func(port string) []string { return []string{path, "-addr", "127.0.0.1:" + port} }
	}
	return []*server{
		{name: "rouse", args: listen(resp)},
		{name: "redcon", args: listen(twin)},
		{name: "redis-server", args: func(port string) []string {
			return []string{"redis-server", "--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no", "--daemonize", "no", "--maxclients", "12000"}
		}},
	}, nil
}

// round starts the server, loads it in every way, and ends it.
func (s *server) round(note func(row, server string, v float64)) error {
	if err := s.start(); err != nil {
		return err
	}
	defer s.stop()
	idle, err := s.idleBytes()
	if err != nil {
		return err
	}
	note("RESP bytes per idle connection", s.name, idle)
	for _, conns := range []int{50, 500, 2000} {
		for _, pipeline := range []int{1, 16} {
			ops, p99, err := s.load(conns, pipeline)
			if err != nil {
				return err
			}
			note(loadRow("ops/s", conns, pipeline), s.name, ops)
			note(loadRow("p99 ms", conns, pipeline), s.name, p99)
		}
	}
	return nil
}

func (s *server) start() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	_, s.port, _ = net.SplitHostPort(l.Addr().String())
	l.Close()
	args := s.args(s.port)
	s.cmd = exec.Command(args[0], args[1:]...)
	if err := s.cmd.Start(); err != nil {
		return err
	}
	for range 100 {
		if c, err := net.Dial("tcp", "127.0.0.1:"+s.port); err == nil {
			return c.Close()
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.stop()
	return fmt.Errorf("does not listen on port %s", s.port)
}

func (s *server) stop() {
	s.cmd.Process.Kill()
	s.cmd.Wait()
}

// load runs redis-benchmark and returns operations per second, SET and GET
// taken together, and the worse of their 99th percentiles.
func (s *server) load(conns, pipeline int) (ops, p99 float64, err error) {
	c := exec.Command("redis-benchmark", "-h", "127.0.0.1", "-p", s.port, "-t", "set,get", "--csv", "-r", "10000",
		"-n", strconv.Itoa(requests*min(4, pipeline)), "-c", strconv.Itoa(conns), "-P", strconv.Itoa(pipeline))
	out, err := c.Output()
	if err != nil {
		return 0, 0, fmt.Errorf("redis-benchmark: %w", err)
	}
	var seconds float64
	table, err := csv.NewReader(strings.NewReader(string(out))).ReadAll()
	if err != nil {
		return 0, 0, fmt.Errorf("redis-benchmark: %w", err)
	}
	n := 0.0
	for _, row := range table {
		if len(row) < 7 || row[0] != "SET" && row[0] != "GET" {
			continue
		}
		rps, err1 := strconv.ParseFloat(row[1], 64)
		ms, err2 := strconv.ParseFloat(row[6], 64)
		if err1 != nil || err2 != nil {
			return 0, 0, fmt.Errorf("redis-benchmark: not a result: %q", row)
		}
		n++
		seconds += 1 / rps
		p99 = max(p99, ms)
	}
	if n != 2 {
		return 0, 0, fmt.Errorf("redis-benchmark: no results in %q", out)
	}
	return n / seconds, p99, nil
}

// idleBytes opens connections, has each served once, and leaves them idle.
func (s *server) idleBytes() (float64, error) {
	var conns []net.Conn
	defer func() {
		for _, c := range conns {
			c.Close()
		}
	}()
	open := func(n int) (float64, error) {
		buf := make([]byte, 64)
		for range n {
			c, err := net.Dial("tcp", "127.0.0.1:"+s.port)
			if err != nil {
				return 0, err
			}
			conns = append(conns, c)
			if _, err := c.Write([]byte("*1\r\n$4\r\nPING\r\n")); err != nil {
				return 0, err
			}
			if _, err := c.Read(buf); err != nil {
				return 0, err
			}
		}
		time.Sleep(200 * time.Millisecond)
		return s.resident()
	}
	before, err := open(firstConns)
	if err != nil {
		return 0, err
	}
	after, err := open(idleConns)
	return (after - before) / idleConns, err
}

func (s *server) resident() (float64, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	f := strings.Fields(string(data))
	if len(f) < 2 {
		return 0, fmt.Errorf("statm: %q", data)
	}
	pages, err := strconv.ParseFloat(f[1], 64)
	return pages * float64(os.Getpagesize()), err
}

func digits(row string) int {
	if strings.Contains(row, "ms") {
		return 2
	}
	return 0
}
