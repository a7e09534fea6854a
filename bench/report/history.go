package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// historyHead names the cells of bench/history.tsv: a line per commit, kind of
// machine and operation.
const historyHead = "commit\tdate\tmachine\toperation\tns\tinstructions\n"

// history is what the kit's side of each row took.
func (r *record) history() (lines []string) {
	for _, o := range r.rows {
		f, ok := r.ours(o.name)
		row, known := find(o.name)
		if !known { // of a comparison of two commits
			row.ours = o.name
		}
		if !ok || row.unit != "" {
			continue
		}
		count := ""
		if f.instructions > 0 {
			count = strconv.Itoa(f.instructions)
		}
		lines = append(lines, strings.Join([]string{r.host.Commit, r.host.Date, r.host.kind(), row.ours, fixed(f.median, 2), count}, "\t"))
	}
	return lines
}

// addHistory adds lines at the end. One of a commit, machine and operation that
// was measured before takes the place of the old one.
func addHistory(dir string, lines []string) error {
	file := filepath.Join(dir, "history.tsv")
	b, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.WriteFile(file, []byte(mergeHistory(string(b), lines)), 0o644)
}

func mergeHistory(text string, lines []string) string {
	key := func(line string) string {
		c := strings.Split(line, "\t")
		if len(c) < 4 {
			return line
		}
		return strings.Join([]string{c[0], c[2], c[3]}, "\t")
	}
	again := map[string]bool{}
	for _, l := range lines {
		again[key(l)] = true
	}
	var b strings.Builder
	b.WriteString(historyHead)
	for l := range strings.Lines(strings.TrimPrefix(text, historyHead)) {
		if l = strings.TrimSuffix(l, "\n"); !again[key(l)] {
			b.WriteString(l + "\n")
		}
	}
	for _, l := range lines {
		b.WriteString(l + "\n")
	}
	return b.String()
}
