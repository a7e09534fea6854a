package explore

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// tableWidth is the number of columns that a failure's table may take.
const tableWidth = 100

// table lays the rows out with a column for each thread that appears, in order of declaration. If
// that is too wide, the threads share a column, and what is on words goes on separate lines.
func (tr *tracer) table() string {
	if s := tr.columns(); width(s) <= tableWidth {
		return s
	}
	return tr.list()
}

func width(s string) (n int) {
	for line := range strings.Lines(s) {
		n = max(n, utf8.RuneCountInString(strings.TrimSuffix(line, "\n")))
	}
	return n
}

func (tr *tracer) columns() string {
	names := tr.threads()
	widths := make([]int, len(names))
	for i, n := range names {
		widths[i] = utf8.RuneCountInString(n)
	}
	for _, r := range tr.rows {
		i := slices.Index(names, r.Thread)
		widths[i] = max(widths[i], utf8.RuneCountInString(r.Text))
	}
	var b strings.Builder
	line := func(number string, cells []string, word string) {
		s := fmt.Sprintf("%5s", number)
		for i, c := range cells {
			s += "  " + pad(c, widths[i])
		}
		b.WriteString(strings.TrimRight(s+"  "+word, " ") + "\n")
	}
	line("step", names, "word")
	for _, r := range tr.rows {
		cells := make([]string, len(names))
		cells[slices.Index(names, r.Thread)] = r.Text
		line(r.number(), cells, r.word())
	}
	return b.String()
}

func (tr *tracer) list() string {
	longest := len("thread")
	for _, n := range tr.threads() {
		longest = min(max(longest, utf8.RuneCountInString(n)), tableWidth/4)
	}
	room := tableWidth - len(" step") - longest - 2*len("  ")
	var b strings.Builder
	line := func(number, thread, text string) {
		s := fmt.Sprintf("%5s  %s  %s", number, pad(thread, longest), text)
		b.WriteString(strings.TrimRight(s, " ") + "\n")
	}
	line("step", "thread", "operation, word")
	for _, r := range tr.rows {
		lines := wrap(r.Text, room)
		if w := r.word(); w != "" && !(r.After == "" && strings.HasSuffix(r.Text, "= "+w)) {
			for _, l := range wrap(w, room-4) {
				lines = append(lines, "    "+l)
			}
		}
		line(r.number(), clip(r.Thread, longest), lines[0])
		for _, l := range lines[1:] {
			line("", "", l)
		}
	}
	return b.String()
}

// threads returns the names of the threads that appear.
func (tr *tracer) threads() (names []string) {
	for _, t := range append([]*thread{tr.e.main}, tr.e.threads...) {
		appears := func(r Step) bool { return r.Thread == t.name }
		if !slices.Contains(names, t.name) && slices.ContainsFunc(tr.rows, appears) {
			names = append(names, t.name)
		}
	}
	return names
}

func (r *Step) number() string {
	switch r.Number {
	case 0:
		return "setup"
	case atEnd:
		return "end"
	}
	return fmt.Sprint(r.Number)
}

func (r *Step) word() string {
	if r.After == "" {
		return r.Before
	}
	return r.Before + " -> " + r.After
}

func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-utf8.RuneCountInString(s)))
}

// clip cuts s down to n runes.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-3]) + "..."
	}
	return s
}

// wrap cuts s into lines of at most n runes, where there is a gap if possible. Lines after the
// first are indented.
func wrap(s string, n int) (lines []string) {
	indent := ""
	for r := []rune(s); ; {
		room := n - len(indent)
		if len(r) <= room {
			return append(lines, indent+string(r))
		}
		cut := room
		for i := room; i > room/2; i-- {
			if strings.ContainsRune(" ,|(", r[i-1]) {
				cut = i
				break
			}
		}
		lines = append(lines, indent+strings.TrimRight(string(r[:cut]), " "))
		r = r[cut:]
		indent = "  "
	}
}
