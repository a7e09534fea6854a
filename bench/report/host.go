package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// A host is what the figures depend on.
type host struct {
	CPU     string
	Cores   int
	System  string
	Go      string
	Rust    string
	Peers   string // the versions of the crates
	Commit  string
	Date    string
	Command string
	Pairs   int
	Sample  string // how long
	Took    string
}

// kind is what two machines have in common whose figures replace each other.
func (h host) kind() string { return fmt.Sprintf("%s, %d cores", h.CPU, h.Cores) }

func describeHost(o options) host {
	return host{
		CPU:     field("/proc/cpuinfo", "model name"),
		Cores:   runtime.NumCPU(),
		System:  output(o.root, "uname", "-srm"),
		Go:      strings.TrimPrefix(output(o.root, "go", "version"), "go version "),
		Rust:    output(o.root, "rustc", "--version"),
		Peers:   peerVersions(o.root),
		Commit:  output(o.root, "git", "describe", "--always", "--dirty=+", "--exclude=*"),
		Date:    time.Now().UTC().Format(time.DateTime),
		Command: o.command(),
		Pairs:   o.pairs,
		Sample:  o.sample.String(),
	}
}

// A property is one value of a host: a string or an int.
type property struct {
	name  string
	value any
}

// properties are in a record's order, by pointers to the values.
func (h *host) properties() []property {
	return []property{
		{"cpu", &h.CPU}, {"cores", &h.Cores}, {"system", &h.System}, {"go", &h.Go}, {"rust", &h.Rust}, {"peers", &h.Peers},
		{"commit", &h.Commit}, {"date", &h.Date}, {"command", &h.Command}, {"pairs", &h.Pairs}, {"sample", &h.Sample}, {"took", &h.Took},
	}
}

func (p property) String() string {
	if n, ok := p.value.(*int); ok {
		return strconv.Itoa(*n)
	}
	return *p.value.(*string)
}

func (h *host) set(name, value string) (err error) {
	for _, p := range h.properties() {
		if p.name != name {
			continue
		}
		if n, ok := p.value.(*int); ok {
			*n, err = strconv.Atoi(value)
		} else {
			*p.value.(*string) = value
		}
		return err
	}
	return fmt.Errorf("a host has no %s", name)
}

var crate = regexp.MustCompile(`(?m)^([a-z-]+) = (?:\{ version = )?"=([\d.]+)"`)

// peerVersions returns what Cargo.toml asks for, of tokio both.
func peerVersions(root string) string {
	var all []string
	for _, dir := range []string{"", "tokio-1.48"} {
		b, err := os.ReadFile(filepath.Join(root, "bench", "peers", dir, "Cargo.toml"))
		if err != nil {
			return "unknown"
		}
		for _, m := range crate.FindAllStringSubmatch(string(b), -1) {
			if dir == "" || m[1] == "tokio" {
				all = append(all, m[1]+" "+m[2])
			}
		}
	}
	return strings.Join(all, ", ")
}

func output(dir, name string, args ...string) string {
	c := exec.Command(name, args...)
	c.Dir = dir
	out, err := c.Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

// field returns what follows the colon behind key in a file of /proc.
func field(path, key string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(data)) {
		if k, v, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(k) == key {
			return strings.TrimSpace(v)
		}
	}
	return "unknown"
}

// availableMemory returns what may be allocated, in bytes; without /proc, 4 GB.
func availableMemory() float64 {
	kb, err := strconv.ParseFloat(strings.TrimSuffix(field("/proc/meminfo", "MemAvailable"), " kB"), 64)
	if err != nil {
		return 4e9
	}
	return kb * 1024
}
