package resp

import (
	"fmt"
	"os"
	"regexp"
	"sort"
	"strings"
	"testing"
)

// README.md lists the commands that there are, with what COMMAND DOCS says of
// them.
func TestReadmeListsCommands(t *testing.T) {
	b, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(b), "| command | what it does |\n| --- | --- |\n")
	if !ok {
		t.Fatal("README.md has no list of commands")
	}
	got, _, _ := strings.Cut(rest, "\n\n")
	var want []string
	for name, cmd := range commands() {
		if cmd.doc == "" || cmd.group == "" {
			t.Errorf("%s is not described", name)
		}
		want = append(want, fmt.Sprintf("| %s | %s |", name, cmd.doc))
	}
	sort.Strings(want)
	if list := strings.Join(want, "\n"); strings.TrimSpace(got) != list {
		t.Errorf("README.md does not list the commands as they are:\n%s", list)
	}
}

// The tour names files that there are, and functions that these have, or call of
// the kit.
func TestTourIsRight(t *testing.T) {
	b, err := os.ReadFile("TOUR.md")
	if err != nil {
		t.Fatal(err)
	}
	code := map[string]string{}
	var all strings.Builder
	for _, name := range append(regexp.MustCompile("`([a-z_0-9]+\\.go)`").FindAllString(string(b), -1), "`conn.go`") {
		name = strings.Trim(name, "`")
		src, err := os.ReadFile(name)
		if err != nil {
			t.Errorf("the tour names a file: %v", err)
		}
		if code[name] == "" {
			all.Write(src)
		}
		code[name] = string(src)
	}
	if len(code) < 10 {
		t.Errorf("the tour names %d files", len(code))
	}
	for _, m := range regexp.MustCompile("`(?:[a-z]+\\.)?([a-zA-Z]+)\\(\\)`").FindAllStringSubmatch(string(b), -1) {
		if !regexp.MustCompile(`(func (\([a-z]* ?\*?[a-zA-Z]+\) )?|\.)` + m[1] + `[(\[]`).MatchString(all.String()) {
			t.Errorf("the tour names %s, which is in none of its files", m[0])
		}
	}
}
