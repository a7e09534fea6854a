package inspect

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rouse-go/rouse"
)

// A Task is what is told of one.
type Task struct {
	List   string   `json:"list"`
	ID     rouse.ID `json:"id"`
	Name   string   `json:"name,omitempty"`
	Site   string   `json:"site,omitempty"`
	State  string   `json:"state"` // running, notified, idle or complete
	Word   string   `json:"word"`  // the Snapshot, printed
	Cause  string   `json:"cause,omitempty"`
	Wakers int64    `json:"wakers"` // owned and counted, outstanding

	// By the tag rouse_trace.
	Polls  uint64         `json:"polls"`
	Wakes  uint64         `json:"wakes"`
	Age    *time.Duration `json:"age_ns,omitempty"`
	Polled *time.Duration `json:"last_poll_ago_ns,omitempty"`
	Idle   *time.Duration `json:"idle_ns,omitempty"`
}

// A Report is the answer to a request for JSON.
type Report struct {
	Time    time.Time      `json:"time"`
	Tracing bool           `json:"tracing"` // was built in
	Lists   []ListCounters `json:"lists"`
	Total   int            `json:"total"`
	Matched int            `json:"matched"`
	States  map[string]int `json:"states"` // of all tasks
	Tasks   []Task         `json:"tasks"`  // those that matched, up to the limit
}

// ListCounters are the counters of a List.
type ListCounters struct {
	Name     string         `json:"name"`
	Counters rouse.Counters `json:"counters"`
}

// The states of a task, in the order of the page. A cancelled one is in one of
// the others, too.
var states = []string{"running", "notified", "idle", "complete", "cancelled"}

// A query is what a request asks for.
type query struct {
	list, state, text string
	sort              string // a column's name
	descending        bool
	limit             int // 0 is none
}

func parseQuery(v url.Values, limit int) (q query, err error) {
	q = query{list: v.Get("list"), state: v.Get("state"), text: v.Get("q"), limit: limit, sort: "id"}
	if q.state != "" && !slices.Contains(states, q.state) {
		return q, fmt.Errorf("unknown state %q: want one of %s", q.state, strings.Join(states, ", "))
	}
	if s := v.Get("sort"); s != "" {
		q.sort, q.descending = strings.CutPrefix(s, "-")
		if byColumn[q.sort] == nil {
			return q, fmt.Errorf("unknown column %q", q.sort)
		}
	}
	if s := v.Get("limit"); s != "" {
		if q.limit, err = strconv.Atoi(s); err != nil || q.limit < 0 {
			return q, fmt.Errorf("limit %q is not a number", s)
		}
	}
	return q, nil
}

var byColumn = map[string]func(a, b Task) int{
	"list":   func(a, b Task) int { return cmp.Compare(a.List, b.List) },
	"id":     func(a, b Task) int { return cmp.Compare(a.ID, b.ID) },
	"name":   func(a, b Task) int { return cmp.Compare(a.Name, b.Name) },
	"site":   func(a, b Task) int { return cmp.Compare(a.Site, b.Site) },
	"state":  func(a, b Task) int { return cmp.Compare(slices.Index(states, a.State), slices.Index(states, b.State)) },
	"wakers": func(a, b Task) int { return cmp.Compare(a.Wakers, b.Wakers) },
	"polls":  func(a, b Task) int { return cmp.Compare(a.Polls, b.Polls) },
	"wakes":  func(a, b Task) int { return cmp.Compare(a.Wakes, b.Wakes) },
	"age":    func(a, b Task) int { return compareTimes(a.Age, b.Age) },
	"polled": func(a, b Task) int { return compareTimes(a.Polled, b.Polled) },
	"idle":   func(a, b Task) int { return compareTimes(a.Idle, b.Idle) },
}

// compareTimes puts what is not known first.
func compareTimes(a, b *time.Duration) int {
	switch {
	case a == nil || b == nil:
		return cmp.Compare(btoi(a != nil), btoi(b != nil))
	}
	return cmp.Compare(*a, *b)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// report looks at the lists.
func report(lists []List, q query, now time.Time) *Report {
	r := &Report{Time: now, States: map[string]int{}, Tasks: []Task{}}
	_, r.Tracing = rouse.Unbound()
	for _, l := range lists {
		r.Lists = append(r.Lists, ListCounters{l.Name, l.Tasks.Counters()})
		for _, i := range l.Tasks.Dump() {
			t := task(l.Name, i, now)
			r.Total++
			r.States[t.State]++
			r.States["cancelled"] += btoi(t.Cause != "")
			if q.matches(t) {
				r.Tasks = append(r.Tasks, t)
			}
		}
	}
	r.Matched = len(r.Tasks)
	by := byColumn[q.sort]
	slices.SortStableFunc(r.Tasks, func(a, b Task) int {
		if q.descending {
			a, b = b, a
		}
		return by(a, b)
	})
	if q.limit > 0 && q.limit < len(r.Tasks) {
		r.Tasks = r.Tasks[:q.limit]
	}
	return r
}

func (q query) matches(t Task) bool {
	switch {
	case q.list != "" && q.list != t.List:
	case q.state == "cancelled" && t.Cause == "":
	case q.state != "" && q.state != "cancelled" && q.state != t.State:
	case q.text != "" && !strings.Contains(t.Name, q.text) && !strings.Contains(near(t.Site), q.text) && q.text != strconv.FormatUint(uint64(t.ID), 10):
	default:
		return true
	}
	return false
}

func task(list string, i rouse.TaskInfo, now time.Time) Task {
	t := Task{List: list, ID: i.ID, Name: i.Name, Site: i.Site, Word: i.State.String(), Wakers: i.Wakers,
		Polls: i.Polls, Wakes: i.Wakes, Age: since(i.Born, now), Polled: since(i.LastPoll, now), Idle: since(i.IdleSince, now)}
	switch n := i.State; {
	case n.Complete():
		t.State = "complete"
	case n.Running():
		t.State = "running"
	case n.Notified():
		t.State = "notified"
	default:
		t.State = "idle"
	}
	if i.State.Cancelled() {
		t.Cause = i.State.Cause().String()
	}
	return t
}

// since returns nil of a time that is not known.
func since(t, now time.Time) *time.Duration {
	if t.IsZero() {
		return nil
	}
	d := max(now.Sub(t), 0)
	return &d
}
