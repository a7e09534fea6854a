package inspect

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"
)

// WriteText writes the tasks of the lists as a table.
func WriteText(w io.Writer, lists ...List) error {
	return writeText(w, report(lists, query{sort: "id"}, time.Now()))
}

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
	fmt.Fprintln(t, "LIST\tID\tNAME\tSTATE\tWAKERS\tPOLLS\tWAKES\tAGE\tPOLLED\tIDLE\tWORD\tSITE")
	for _, k := range r.Tasks {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", dash(k.List), k.ID, dash(k.Name), k.State, k.Wakers,
			r.number(k.Polls), r.number(k.Wakes), short(k.Age), short(k.Polled), short(k.Idle), k.Word, dash(k.Site))
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

func dash(s string) string {
	if s == "" {
		return "-"
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
