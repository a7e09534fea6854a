package inspect

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/rouse-go/rouse"
)

// named returns a list of tasks with these names.
func named(names ...string) (*program, List) {
	p := new(program)
	for _, n := range names {
		j := p.spawn(0, n)
		j.Detach()
	}
	p.run()
	return p, List{Name: "l", Tasks: &p.lists[0]}
}

// label labels the tasks, by their names.
func label(list List, of func(name string) string) {
	names := map[rouse.ID]string{}
	for _, i := range list.Tasks.Dump() {
		names[i.ID] = i.Name
	}
	for t := range list.Tasks.All() {
		t.Header().WakerRef().SetLabel(of(names[t.ID()]))
	}
}

// A name cannot break the table, forge a row of it or talk to the terminal.
func TestTextOfHostileNames(t *testing.T) {
	names := []string{"a\xff", "b\nl     99  forged  idle", "\x1b[2J\x1b[31mred", "c\td", "e\rf", "\u202eg", "\x9b31m", " h", "-", "plain name", "\"quoted\"", "Straße 5"}
	_, list := named(names...)
	label(list, func(name string) string { return name })
	list.Name = "li\x1bst"
	s := get(t, Handler(list), "/?format=text", 200, "text/plain")
	if i := strings.IndexFunc(s, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) || r == unicode.ReplacementChar }); i >= 0 {
		t.Errorf("%q is in the text", s[i:min(i+9, len(s))])
	}
	if n := strings.Count(s, "\n"); n != 3+len(names) {
		t.Errorf("%d lines for %d tasks:\n%s", n, len(names), s)
	}
	for _, want := range []string{`  "a\xff"  `, `  "b\nl     99  forged  idle"  `, `  "\x1b[2J\x1b[31mred"  `, `  " h"  `, `  "-"  `, "  plain name  ", `  "\"quoted\""  `, "  Straße 5  ", `"li\x1bst"  `} {
		if !strings.Contains(s, want) {
			t.Errorf("there is no %s in:\n%s", want, s)
		}
	}
}

// What is told of a task is bounded, however long its name is.
func TestLongNames(t *testing.T) {
	names := []string{strings.Repeat("ä", 1<<20)}
	for i := range 100 {
		names = append(names, fmt.Sprint("task ", i))
	}
	_, list := named(names...)
	label(list, func(name string) string { return name })
	h := Handler(list)
	for format, most := range map[string]int{"text": 400, "json": 2000, "html": 4000} {
		s := get(t, h, "/?format="+format, 200, "")
		if n := len(s) / len(names); n > most {
			t.Errorf("%d bytes of %s for a task, want %d at most", n, format, most)
		}
		if !strings.Contains(s, "ää…") || strings.ContainsRune(s, unicode.ReplacementChar) {
			t.Errorf("the name is not cut between two characters: %.3000s", s)
		}
	}
}

// Of a long path the end is shown, which tells the file and the line.
func TestTail(t *testing.T) {
	for s, want := range map[string]string{"a/b.go:1": "a/b.go:1", "a/long/way/to/b.go:12": "…/to/b.go:12", "äääääääääää": "…äääää"} {
		if got := tail(s, 11); got != want {
			t.Errorf("%q of %q, want %q", got, s, want)
		}
	}
}
