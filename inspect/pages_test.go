package inspect

import (
	"fmt"
	"strings"
	"testing"
)

// A label tells a task that is blocked from a subscriber, which look the same to the kit.
func TestLabels(t *testing.T) {
	p, list := named("conn 1", "conn 2", "conn 3")
	waits := map[string]string{"conn 1": "a job", "conn 2": "a message of <news>"}
	label(list, func(name string) string { return waits[name] })
	h := Handler(list, List{Name: "other", Tasks: &p.lists[1]})
	for query, want := range map[string]string{"q=job": "conn 1", "q=news": "conn 2", "sort=label": "conn 3,conn 1,conn 2", "sort=-label": "conn 2,conn 1,conn 3"} {
		if got := strings.Join(tasksOf(getReport(t, h, "/?format=json&"+query)), ","); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	if r := getReport(t, h, "/?format=json"); r.Tasks[1].Label != waits["conn 2"] {
		t.Errorf("%+v", r.Tasks[1])
	}
	if s := get(t, h, "/", 200, "text/html"); !strings.Contains(s, ">a message of &lt;news&gt;</td>") || !strings.Contains(s, ">Label</a>") {
		t.Error(s)
	}
	if s := get(t, h, "/?format=text", 200, "text/plain"); !strings.Contains(s, "STATE  LABEL ") || !strings.Contains(s, "  a job  ") {
		t.Error(s)
	}
	if s := get(t, h, "/?format=text&q=conn+3", 200, "text/plain"); strings.Contains(s, "LABEL") {
		t.Errorf("no task has a label, and yet:\n%s", s)
	}
	label(list, func(string) string { return "" })
	if s := get(t, h, "/", 200, "text/html"); strings.Contains(s, `class="label"`) || strings.Contains(s, ">Label<") {
		t.Error("no task has a label, and yet there is a column")
	}
}

// The page shows a part of many tasks, tells how many there are, and leads to the others.
func TestPages(t *testing.T) {
	var names []string
	for i := range 1310 {
		names = append(names, fmt.Sprint("task ", i))
	}
	_, list := named(names...)
	h := Handler(list)
	for query, want := range map[string]struct {
		rows     int
		has, not string
	}{
		"":                           {200, "200 of 1,310 shown|1–200 of 1,310|rel=\"next\"|offset=200", "rel=\"prev\""},
		"?offset=200&sort=name":      {200, "201–400 of 1,310|rel=\"prev\"|offset=400|>task 399<", ">task 400<"},
		"?q=task+1&sort=name":        {200, "1–200 of 421 that match|200 of 1,310 shown|>task 180<", ""},
		"?q=task+12":                 {111, "111 of 1,310 shown", "<nav class=\"more\""},
		"?limit=0":                   {200, "200 of 1,310 shown", ""},
		"?limit=100000":              {1000, "1,000 of 1,310 shown|limit=1000", ""},
		"?offset=999999":             {110, "1,201–1,310 of 1,310|rel=\"prev\"", "rel=\"next\""},
		"?limit=10&offset=7":         {10, "8–17 of 1,310|name=\"limit\" value=\"10\"", ""},
		"?sort=-id&limit=3&offset=3": {3, "4–6 of 1,310", ""},
	} {
		s := get(t, h, "/"+query, 200, "text/html")
		if n := strings.Count(s, `<td class="name"`); n != want.rows {
			t.Errorf("%s: %d rows, want %d", query, n, want.rows)
		}
		for _, part := range strings.Split(want.has, "|") {
			if !strings.Contains(s, part) {
				t.Errorf("%s: the page does not have %s", query, part)
			}
		}
		if want.not != "" && strings.Contains(s, want.not) {
			t.Errorf("%s: the page has %s", query, want.not)
		}
	}
	if r := getReport(t, h, "/?format=json&offset=1300"); len(r.Tasks) != 10 || r.Offset != 1300 || r.Matched != 1310 {
		t.Errorf("%d tasks from %d of %d", len(r.Tasks), r.Offset, r.Matched)
	}
}
