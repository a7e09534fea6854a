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

// The states of a task, in the order of the page. A cancelled one is in one of
// the others, too.
var states = []string{"running", "notified", "idle", "complete", "cancelled"}

// stateOf returns one of the states but cancelled.
func stateOf(n rouse.Snapshot) string {
	switch {
	case n.Complete():
		return "complete"
	case n.Running():
		return "running"
	case n.Notified():
		return "notified"
	}
	return "idle"
}

// A query is what a request asks for.
type query struct {
	list, state, text string
	sort              string // a column's name
	descending        bool
	limit             int // 0 is none
	offset            int
}

func parseQuery(v url.Values) (q query, err error) {
	q = query{list: v.Get("list"), state: v.Get("state"), text: v.Get("q"), sort: "id"}
	if q.state != "" && !slices.Contains(states, q.state) {
		return q, fmt.Errorf("unknown state %q: want one of %s", q.state, strings.Join(states, ", "))
	}
	if s := v.Get("sort"); s != "" {
		q.sort, q.descending = strings.CutPrefix(s, "-")
		if byColumn[q.sort] == nil {
			return q, fmt.Errorf("unknown column %q", q.sort)
		}
	}
	for name, n := range map[string]*int{"limit": &q.limit, "offset": &q.offset} {
		if s := v.Get(name); s != "" {
			if *n, err = strconv.Atoi(s); err != nil || *n < 0 {
				return q, fmt.Errorf("%s %q is not a number", name, s)
			}
		}
	}
	return q, nil
}

// An entry is a task before anything is printed of it.
type entry struct {
	*rouse.TaskInfo
	list *List
}

var byColumn = map[string]func(a, b entry) int{
	"list":   func(a, b entry) int { return natural(a.list.Name, b.list.Name) },
	"id":     func(a, b entry) int { return cmp.Compare(a.ID, b.ID) },
	"name":   func(a, b entry) int { return natural(a.Name, b.Name) },
	"label":  func(a, b entry) int { return natural(a.Label, b.Label) },
	"site":   func(a, b entry) int { return natural(a.Site, b.Site) },
	"state":  func(a, b entry) int { return cmp.Compare(stateIndex(a), stateIndex(b)) },
	"wakers": func(a, b entry) int { return cmp.Compare(a.Wakers, b.Wakers) },
	"polls":  func(a, b entry) int { return cmp.Compare(a.Polls, b.Polls) },
	"wakes":  func(a, b entry) int { return cmp.Compare(a.Wakes, b.Wakes) },
	"age":    func(a, b entry) int { return compareAges(a.Born, b.Born) },
	"polled": func(a, b entry) int { return compareAges(a.LastPoll, b.LastPoll) },
	"idle":   func(a, b entry) int { return compareAges(a.IdleSince, b.IdleSince) },
}

func stateIndex(e entry) int { return slices.Index(states, stateOf(e.State)) }

// compareAges compares by how long ago it is, and puts what is not known first.
func compareAges(a, b time.Time) int {
	if a.IsZero() || b.IsZero() {
		return cmp.Compare(btoi(!a.IsZero()), btoi(!b.IsZero()))
	}
	return b.Compare(a)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (q query) matches(e entry) bool {
	cancelled := e.State.Cancelled()
	switch {
	case q.list != "" && q.list != e.list.Name:
	case q.state == "cancelled" && !cancelled:
	case q.state != "" && q.state != "cancelled" && q.state != stateOf(e.State):
	case q.text != "" && !strings.Contains(e.Name, q.text) && !strings.Contains(e.Label, q.text) && !strings.Contains(near(e.Site), q.text) &&
		q.text != strconv.FormatUint(uint64(e.ID), 10):
	default:
		return true
	}
	return false
}

func (q query) compare(a, b entry) int {
	if q.descending {
		a, b = b, a
	}
	return byColumn[q.sort](a, b)
}
