package main

import (
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
)

// A host is what the figures depend on.
type host struct{ cpu, cores, kernel, goVersion, rust, commit string }

func describeHost() host {
	return host{
		cpu:       field("/proc/cpuinfo", "model name"),
		cores:     strconv.Itoa(runtime.NumCPU()),
		kernel:    output("uname", "-srm"),
		goVersion: strings.TrimPrefix(output("go", "version"), "go version "),
		rust:      output("rustc", "--version"),
		commit:    output("git", "rev-parse", "--short", "HEAD"),
	}
}

func output(name string, args ...string) string {
	out, err := exec.Command(name, args...).Output()
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
