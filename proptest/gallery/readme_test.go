//go:build rouse_explore

package gallery

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// Each bug of the table has a section in README.md, with its bound and its file, in the same
// order; and each section is of a bug of the table.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := regexp.MustCompile(`(?m)^## `).Split(string(text), -1)[1:]
	if len(sections) != len(bugs) {
		t.Errorf("%d sections for %d bugs", len(sections), len(bugs))
	}
	for i, b := range bugs {
		if i == len(sections) {
			break
		}
		name, body, _ := strings.Cut(sections[i], "\n")
		if name != b.name {
			t.Errorf("section %d is %q, want %q", i+1, name, b.name)
		}
		if bound := fmt.Sprintf("found within %d schedules", b.within); b.within > 1 && !strings.Contains(unwrap(body), bound) {
			t.Errorf("%s does not say %q", name, bound)
		}
		if b.within == 1 && !strings.Contains(unwrap(body), "found in the first schedule") {
			t.Errorf("%s does not say that it is found in the first schedule", name)
		}
		if file := strings.ReplaceAll(b.name, "-", "_") + "_test.go"; !exists(file) {
			t.Errorf("there is no %s", file)
		}
	}
}

func unwrap(s string) string { return strings.Join(strings.Fields(s), " ") }

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
