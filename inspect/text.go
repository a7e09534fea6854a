package inspect

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"
)

// WriteText writes the tasks of the lists as a table. A name, a label or a site
// that has anything but printable characters in it, or a space at an end,
// stands there as a Go string; one that is too long for the table is cut.
func WriteText(w io.Writer, lists ...List) error {
	return writeText(w, report(lists, query{sort: "id"}, time.Now()))
}

// How many bytes of a text the table shows: every row is as wide as the longest.
const (
	longestName = 64
	longestSite = 128
)

func writeText(w io.Writer, r *Report) error {
	fmt.Fprintf(w, "%d tasks", r.Total)
	for _, s := range states {
		if n := r.States[s]; n > 0 {
			fmt.Fprintf(w, ", %d %s", n, s)
		}
	}
	if len(r.Tasks) < r.Total {
		fmt.Fprintf(w, "; %d matched, %d shown", r.Matched, len(r.Tasks))
	}
	fmt.Fprint(w, "\n\n")
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	label := func(text string) string { return text + "\t" }
	if !slices.ContainsFunc(r.Tasks, func(k Task) bool { return k.Label != "" }) {
		label = func(string) string { return "" }
	}
	fmt.Fprintln(t, "LIST\tID\tNAME\tSTATE\t"+label("LABEL")+"WAKERS\tPOLLS\tWAKES\tAGE\tPOLLED\tIDLE\tWORD\tSITE")
	for _, k := range r.Tasks {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", cell(k.List, longestName), k.ID, cell(k.Name, longestName), k.State,
			label(cell(k.Label, longestName)), k.Wakers, r.number(k.Polls), r.number(k.Wakes), short(k.Age), short(k.Polled), short(k.Idle),
			k.Word, cell(tail(k.Site, longestSite), 2*longestSite))
	}
	return t.Flush()
}

// number is of a count that only the tracing build has.
func (r *Report) number(n uint64) string {
	if !r.Tracing {
		return "-"
	}
	return strconv.FormatUint(n, 10)
}

// cell makes a text one of the table, that no text can break, forge or fill.
func cell(s string, n int) string {
	switch s {
	case "":
		return "-"
	case "-":
		return `"-"`
	}
	return plain(clip(s, n))
}

// tail shortens a path to about n bytes: the file's name is at its end.
func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	i := len(s) - n
	for i < len(s) && !utf8.RuneStart(s[i]) {
		i++
	}
	return "…" + s[i:]
}

// plain returns s as it is if all of it can be seen, else as a Go string: no
// control character of a name reaches a terminal or a page.
func plain(s string) string {
	if q := strconv.Quote(s); len(q) != len(s)+2 || strings.TrimSpace(s) != s {
		return q
	}
	return s
}

// short rounds a duration to what a person reads.
func short(d *time.Duration) string {
	if d == nil {
		return "-"
	}
	switch v := *d; {
	case v >= time.Minute:
		return v.Round(time.Second).String()
	case v >= time.Second:
		return v.Round(100 * time.Millisecond).String()
	case v >= time.Millisecond:
		return v.Round(100 * time.Microsecond).String()
	default:
		return v.Round(100 * time.Nanosecond).String()
	}
}
