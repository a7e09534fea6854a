package executor

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The table of the README has the lines of each file, and of its code alone.
func TestReadme(t *testing.T) {
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("*.go")
	var lines, code int
	count := func(name string) (l, c int) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			l++
			if s := strings.TrimSpace(line); s != "" && !strings.HasPrefix(s, "//") {
				c++
			}
		}
		return l, c
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		l, c := count(name)
		lines, code = lines+l, code+c
		if row := fmt.Sprintf("| %s | %d | %d |", name, l, c); !strings.HasPrefix(name, "word") && !strings.Contains(string(page), row) {
			t.Errorf("the table has no row %q", row)
		}
	}
	if lines > 800 {
		t.Errorf("it has %d lines, more than one reads in half an hour", lines)
	}
	if row := fmt.Sprintf("| together | %d | %d |", lines, code); !strings.Contains(string(page), row) {
		t.Errorf("the table has no row %q", row)
	}
}
