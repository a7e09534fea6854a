package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A memory is a file of what was killed, by what, for as long as the function
// that was mutated stays the same. Survivors are always tried again.
type memory struct {
	killed map[string]string
	file   *os.File
}

func (m *mutant) key() string { return m.hash + "\t" + m.name }

func openMemory(path string, fresh bool) *memory {
	m := &memory{killed: map[string]string{}}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return m
	}
	if fresh {
		os.Remove(path)
	}
	text, _ := os.ReadFile(path)
	for _, line := range strings.Split(string(text), "\n") {
		if by, key, ok := strings.Cut(line, "\t"); ok {
			m.killed[key] = by
		}
	}
	m.file, _ = os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	return m
}

func (m *memory) killedBy(x *mutant) string { return m.killed[x.key()] }

func (m *memory) remember(x *mutant, by string) {
	if m.file != nil {
		fmt.Fprintf(m.file, "%s\t%s\n", by, x.key())
	}
}

func (m *memory) close() {
	if m.file != nil {
		m.file.Close()
	}
}
