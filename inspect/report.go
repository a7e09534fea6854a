package inspect

import (
	"slices"
	"time"
	"unicode/utf8"

	"github.com/rouse-go/rouse"
)

// A Task is what is told of one.
type Task struct {
	List   string   `json:"list"`
	ID     rouse.ID `json:"id"`
	Name   string   `json:"name,omitempty"`
	Label  string   `json:"label,omitempty"` // what it waits for, in its own words
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
	Offset  int            `json:"offset"` // how many of those that matched come before Tasks
	States  map[string]int `json:"states"` // of all tasks
	Tasks   []Task         `json:"tasks"`  // those that matched, from the offset up to the limit
	labels  bool           // some task has one
}

// ListCounters are the counters of a List.
type ListCounters struct {
	Name     string         `json:"name"`
	Counters rouse.Counters `json:"counters"`
}

// report looks at the lists. Only of the tasks that it returns is anything printed.
func report(lists []List, q query, now time.Time) *Report {
	r := &Report{Time: now, States: map[string]int{}, Tasks: []Task{}}
	_, r.Tracing = rouse.Unbound()
	var matched []entry
	for i := range lists {
		l := &lists[i]
		r.Lists = append(r.Lists, ListCounters{l.Name, l.Tasks.Counters()})
		infos := l.Tasks.Dump()
		r.Total += len(infos)
		for i := range infos {
			e := entry{TaskInfo: &infos[i], list: l}
			r.States[stateOf(e.State)]++
			r.States["cancelled"] += btoi(e.State.Cancelled())
			r.labels = r.labels || e.Label != ""
			if q.matches(e) {
				matched = append(matched, e)
			}
		}
	}
	r.Matched = len(matched)
	slices.SortStableFunc(matched, q.compare)
	r.Offset = min(q.offset, len(matched))
	matched = matched[r.Offset:]
	if q.limit > 0 {
		matched = matched[:min(q.limit, len(matched))]
	}
	for _, e := range matched {
		r.Tasks = append(r.Tasks, e.task(now))
	}
	return r
}

// longest is how many bytes of a name or of a label are told, so that what is
// told of a task is bounded.
const longest = 256

func (e entry) task(now time.Time) Task {
	t := Task{List: e.list.Name, ID: e.ID, Name: clip(e.Name, longest), Label: clip(e.Label, longest), Site: e.Site,
		State: stateOf(e.State), Word: e.State.String(), Wakers: e.Wakers, Polls: e.Polls, Wakes: e.Wakes,
		Age: since(e.Born, now), Polled: since(e.LastPoll, now), Idle: since(e.IdleSince, now)}
	if e.State.Cancelled() {
		t.Cause = e.State.Cause().String()
	}
	return t
}

// clip shortens s to about n bytes, and shows that it did.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// since returns nil of a time that is not known.
func since(t, now time.Time) *time.Duration {
	if t.IsZero() {
		return nil
	}
	d := max(now.Sub(t), 0)
	return &d
}
