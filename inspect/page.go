package inspect

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

//go:embed page.html
var pageSource string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"short": short, "near": near, "plain": plain, "comma": comma[uint64], "count": comma[int],
}).Parse(pageSource))

// pageData is what the template reads.
type pageData struct {
	*Report
	q       query
	Columns []column
	Chips   []chip
	Many    bool // several lists
	Stats   []stat
}

type column struct {
	Title, Name, Link, Order, Help string
	Number                         bool
	Traced                         bool // known to the tracing build only
}

type chip struct {
	Title, Class, Link string
	Count              int
	On                 bool
}

// A stat is a counter of each list.
type stat struct {
	Title, Help string
	Values      []string
}

func writePage(w io.Writer, r *Report, q query) error {
	d := &pageData{Report: r, q: q, Many: len(r.Lists) > 1}
	d.columns()
	d.chips()
	d.stats()
	return page.Execute(w, d)
}

// Text, List, State, Sort and Limit are what was asked for, Labels whether there
// are any.
func (d *pageData) Text() string  { return d.q.text }
func (d *pageData) State() string { return d.q.state }
func (d *pageData) List() string  { return d.q.list }
func (d *pageData) Sort() string  { return d.q.order() }
func (d *pageData) Labels() bool  { return d.labels }

func (d *pageData) Limit() int {
	if d.q.limit == pageLimit {
		return 0
	}
	return d.q.limit
}

// First and Last are the numbers of the tasks shown, of those that match.
func (d *pageData) First() int { return d.Offset + 1 }
func (d *pageData) Last() int  { return d.Offset + len(d.Tasks) }

// Previous and Next are the addresses of the pages beside this one, "" at an end.
func (d *pageData) Previous() string {
	if d.Offset == 0 {
		return ""
	}
	return d.q.link(func(q *query) { q.offset = max(d.Offset-q.limit, 0) })
}

func (d *pageData) Next() string {
	if d.Last() >= d.Matched {
		return ""
	}
	return d.q.link(func(q *query) { q.offset = d.Last() })
}

// As is the address of all tasks that match, in another format.
func (d *pageData) As(format string) string {
	return d.q.link(func(q *query) { q.limit = pageLimit }) + "&format=" + format
}

func (q query) order() string {
	if q.descending {
		return "-" + q.sort
	}
	return q.sort
}

// link is the address of the page with a change to the query, which shows the
// first tasks unless the change says otherwise.
func (q query) link(change func(*query)) string {
	q.offset = 0
	change(&q)
	v := url.Values{"sort": {q.order()}}
	for name, value := range map[string]string{"state": q.state, "list": q.list, "q": q.text} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.limit != pageLimit {
		v.Set("limit", strconv.Itoa(q.limit))
	}
	if q.offset > 0 {
		v.Set("offset", strconv.Itoa(q.offset))
	}
	return "?" + v.Encode()
}

func (d *pageData) columns() {
	for _, c := range []column{
		{Name: "id", Title: "ID", Number: true, Help: "of tasks with names, in the order in which they were spawned"},
		{Name: "list", Title: "List"},
		{Name: "name", Title: "Name"},
		{Name: "state", Title: "State"},
		{Name: "label", Title: "Label", Help: "what it waits for, in its own words"},
		{Name: "wakers", Title: "Wakers", Number: true, Help: "counted wakers outstanding"},
		{Traced: true, Name: "polls", Title: "Polls", Number: true},
		{Traced: true, Name: "wakes", Title: "Wakes", Number: true, Help: "wakes that led to a run"},
		{Traced: true, Name: "age", Title: "Age", Number: true, Help: "since it was spawned"},
		{Traced: true, Name: "polled", Title: "Polled", Number: true, Help: "since its last poll began"},
		{Traced: true, Name: "idle", Title: "Idle", Number: true, Help: "how long it has been waiting for a wake"},
		{Name: "site", Title: "Spawned at"},
	} {
		if c.Name == "list" && !d.Many || c.Name == "label" && !d.labels || c.Traced && !d.Tracing {
			continue
		}
		// The first click on a number shows the largest.
		descending := c.Number && c.Name != "id"
		if d.q.sort == c.Name {
			c.Order = map[bool]string{false: "ascending", true: "descending"}[d.q.descending]
			descending = !d.q.descending
		}
		c.Link = d.q.link(func(q *query) { q.sort, q.descending = c.Name, descending })
		d.Columns = append(d.Columns, c)
	}
}

func (d *pageData) chips() {
	all := chip{Title: "all", Count: d.Total, On: d.q.state == "", Link: d.q.link(func(q *query) { q.state = "" })}
	d.Chips = append(d.Chips, all)
	for _, s := range states {
		d.Chips = append(d.Chips, chip{Title: s, Class: s, Count: d.States[s], On: d.q.state == s,
			Link: d.q.link(func(q *query) { q.state = s })})
	}
}

func (d *pageData) stats() {
	for _, s := range counterRows {
		row := stat{Title: s.title, Help: s.help}
		for _, l := range d.Lists {
			v := "–"
			if d.Tracing || s.always {
				v = comma(s.of(&l.Counters))
			}
			row.Values = append(row.Values, v)
		}
		d.Stats = append(d.Stats, row)
	}
	for _, cause := range d.causes() {
		row := stat{Title: "– " + cause}
		for _, l := range d.Lists {
			row.Values = append(row.Values, comma(l.Counters.Cancelled[cause]))
		}
		d.Stats = append(d.Stats, row)
	}
}

// causes returns those that any list has counted.
func (d *pageData) causes() (causes []string) {
	for _, l := range d.Lists {
		for c := range l.Counters.Cancelled {
			if !slices.Contains(causes, c) {
				causes = append(causes, c)
			}
		}
	}
	slices.Sort(causes)
	return causes
}

// near shortens a site to its last directory, file and line.
func near(site string) string {
	if site == "" {
		return ""
	}
	dir, file := path.Split(strings.ReplaceAll(site, `\`, "/"))
	return path.Join(path.Base(dir), file)
}

// comma groups the digits of a number by threes.
func comma[T int | uint64](n T) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
