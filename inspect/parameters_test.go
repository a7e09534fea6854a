package inspect

import (
	"cmp"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rouse-go/rouse"
)

// Each column that the documentation of Handler names sorts, both ways.
func TestSort(t *testing.T) {
	p, lists := newProgram()
	p.wakers[0].WakeByRef()
	p.run()
	label(lists[0], func(name string) string { return strings.Repeat("z", len(name)) })
	p.spawn(1, "last")
	h := Handler(lists...)
	ago := func(d *time.Duration) time.Duration {
		if d == nil {
			return -1
		}
		return *d
	}
	for column, compare := range map[string]func(a, b Task) int{
		"list":   func(a, b Task) int { return cmp.Compare(a.List, b.List) },
		"id":     func(a, b Task) int { return cmp.Compare(a.ID, b.ID) },
		"name":   func(a, b Task) int { return natural(a.Name, b.Name) },
		"state":  func(a, b Task) int { return cmp.Compare(slices.Index(states, a.State), slices.Index(states, b.State)) },
		"label":  func(a, b Task) int { return cmp.Compare(a.Label, b.Label) },
		"wakers": func(a, b Task) int { return cmp.Compare(a.Wakers, b.Wakers) },
		"polls":  func(a, b Task) int { return cmp.Compare(a.Polls, b.Polls) },
		"wakes":  func(a, b Task) int { return cmp.Compare(a.Wakes, b.Wakes) },
		"age":    func(a, b Task) int { return cmp.Compare(ago(a.Age), ago(b.Age)) },
		"polled": func(a, b Task) int { return cmp.Compare(ago(a.Polled), ago(b.Polled)) },
		"idle":   func(a, b Task) int { return cmp.Compare(ago(a.Idle), ago(b.Idle)) },
		"site":   func(a, b Task) int { return natural(a.Site, b.Site) },
	} {
		up, down := getReport(t, h, "/?format=json&sort="+column).Tasks, getReport(t, h, "/?format=json&sort=-"+column).Tasks
		if len(up) != 5 || !slices.IsSortedFunc(up, compare) {
			t.Errorf("by %s: %+v", column, up)
		}
		if len(down) != 5 || !slices.IsSortedFunc(down, func(a, b Task) int { return compare(b, a) }) {
			t.Errorf("by %s, descending: %+v", column, down)
		}
	}
	if len(byColumn) != 12 {
		t.Errorf("%d columns", len(byColumn))
	}
}

// A task is found by its ID, and all of its ID alone.
func TestByID(t *testing.T) {
	_, list := named("a", "b", "c")
	h := Handler(list)
	for _, k := range getReport(t, h, "/?format=json").Tasks {
		r := getReport(t, h, "/?format=json&q="+strconv.FormatUint(uint64(k.ID), 10))
		if !slices.ContainsFunc(r.Tasks, func(x Task) bool { return x.ID == k.ID }) {
			t.Errorf("%d is not among %+v", k.ID, r.Tasks)
		}
		if r := getReport(t, h, "/?format=json&q="+strconv.FormatUint(uint64(k.ID), 10)+"000000"); len(r.Tasks) != 0 {
			t.Errorf("%+v", r.Tasks)
		}
	}
}

// A task that is being polled is running. It can ask itself.
func TestRunningTask(t *testing.T) {
	p := new(program)
	list := List{Name: "l", Tasks: &p.lists[0]}
	var seen Report
	j := rouse.SpawnWith[int](p, rouse.FutureFunc[int](func(rouse.Context) (int, bool) {
		seen = getReport(t, Handler(list), "/?format=json&state=running")
		return 0, true
	}), rouse.Options{Owned: list.Tasks, Name: "looks"})
	j.Detach()
	p.run()
	if len(seen.Tasks) != 1 || seen.Tasks[0].Name != "looks" || seen.Tasks[0].State != "running" || seen.States["running"] != 1 {
		t.Errorf("%+v", seen)
	}
	if r := getReport(t, Handler(list), "/?format=json"); r.Total != 0 {
		t.Errorf("it has ended, and is told of: %+v", r)
	}
}

// Without a limit JSON and text have all tasks, however many.
func TestAllTasks(t *testing.T) {
	_, list := named(slices.Repeat([]string{"task"}, pageMost+1)...)
	h := Handler(list)
	for _, query := range []string{"", "&limit=0"} {
		if r := getReport(t, h, "/?format=json"+query); len(r.Tasks) != pageMost+1 {
			t.Errorf("%s: %d tasks", query, len(r.Tasks))
		}
		if s := get(t, h, "/?format=text"+query, 200, "text/plain"); strings.Count(s, "\n") != pageMost+1+3 {
			t.Errorf("%s: %d lines", query, strings.Count(s, "\n"))
		}
	}
}

func TestHead(t *testing.T) {
	_, lists := newProgram()
	s := httptest.NewServer(Handler(lists...))
	defer s.Close()
	res, err := http.Head(s.URL + "?format=json")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 || res.ContentLength <= 0 || res.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%v", res)
	}
}

// A name is published once.
func TestPublishTwice(t *testing.T) {
	list := List{Name: "l", Tasks: new(rouse.OwnedTasks)}
	Publish("inspect_test twice "+strconv.FormatInt(runs.Add(1), 10), list)
	defer func() {
		if recover() == nil {
			t.Error("the name was taken, and Publish returned")
		}
	}()
	Publish("inspect_test twice "+strconv.FormatInt(runs.Load(), 10), list)
}
