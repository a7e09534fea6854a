package inspect

import (
	"encoding/json"
	"expvar"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rouse-go/rouse"
)

// program has some tasks in each state, on two lists.
type program struct {
	queue  rouse.LocalQueue
	lists  [2]rouse.OwnedTasks
	wakers []rouse.Waker
}

func (p *program) Schedule(n rouse.Notified, _ rouse.Reason) { p.queue.Push(n) }
func (p *program) Yield(n rouse.Notified)                    { p.queue.Push(n) }

func (p *program) run() {
	for n, ok := p.queue.Pop(); ok; n, ok = p.queue.Pop() {
		n.Run()
	}
}

func (p *program) spawn(list int, name string) (j rouse.JoinHandle[int]) {
	j = rouse.SpawnWith[int](p, rouse.FutureFunc[int](func(cx rouse.Context) (int, bool) {
		p.wakers = append(p.wakers, cx.Waker().Clone())
		return 0, false
	}), rouse.Options{Owned: &p.lists[list], Name: name})
	j.ID() // they are dealt when they are asked for
	return
}

func newProgram() (*program, []List) {
	p := new(program)
	for _, name := range []string{"b", "a", `<script>alert("x")</script>`} {
		j := p.spawn(0, name)
		j.Detach()
	}
	p.run()
	p.spawn(1, "new")
	j := p.spawn(1, "ended")
	j.Abort()
	return p, []List{{Name: "one", Tasks: &p.lists[0]}, {Name: "two", Tasks: &p.lists[1]}}
}

func get(t *testing.T, h http.Handler, url string, status int, contentType string) string {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", url, nil))
	if w.Code != status || !strings.HasPrefix(w.Header().Get("Content-Type"), contentType) {
		t.Fatalf("%s: %d %s %s", url, w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	return w.Body.String()
}

func getReport(t *testing.T, h http.Handler, url string) (r Report) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(get(t, h, url, 200, "application/json")))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

func tasksOf(r Report) (names []string) {
	for _, k := range r.Tasks {
		names = append(names, k.Name)
	}
	return names
}

func TestJSON(t *testing.T) {
	_, lists := newProgram()
	h := Handler(lists...)
	const script = `<script>alert("x")</script>`
	for query, want := range map[string][]string{
		"":                          {"b", "a", script, "new", "ended"},
		"&sort=name":                {script, "a", "b", "ended", "new"},
		"&sort=-name":               {"new", "ended", "b", "a", script},
		"&sort=-id&limit=2":         {"ended", "new"},
		"&state=idle":               {"b", "a", script},
		"&state=notified":           {"new", "ended"},
		"&state=cancelled":          {"ended"},
		"&state=running":            nil,
		"&list=two":                 {"new", "ended"},
		"&q=inspect_test.go&list=x": nil,
		"&q=nde":                    {"ended"},
		"&limit=2&offset=1":         {"a", script},
		"&limit=2&offset=4":         {"ended"},
		"&offset=7":                 nil,
		"&sort=state":               {"new", "ended", "b", "a", script},
		"&sort=-wakers&state=idle":  {"b", "a", script},
	} {
		r := getReport(t, h, "/?format=json"+query)
		if got := tasksOf(r); strings.Join(got, ",") != strings.Join(want, ",") {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
		if r.Total != 5 || r.States["idle"] != 3 || r.States["notified"] != 2 || r.States["cancelled"] != 1 {
			t.Errorf("%+v", r)
		}
	}
	r := getReport(t, h, "/?format=json&q=ended")
	k := r.Tasks[0]
	for q, want := range map[string]int{near(k.Site): r.Total, k.Site: 0} {
		if r := getReport(t, h, "/?format=json&q="+url.QueryEscape(q)); r.Matched != want {
			t.Errorf("%d tasks match %q, want %d", r.Matched, q, want)
		}
	}
	if k.Cause != "aborted" || k.State != "notified" || k.List != "two" || !strings.Contains(k.Site, "inspect_test.go:") ||
		!strings.Contains(k.Word, "CANCELLED(aborted)") {
		t.Errorf("%+v", k)
	}
	if len(r.Lists) != 2 || r.Lists[0].Counters.Live != 3 || r.Lists[0].Counters.Wakers != 3 {
		t.Errorf("%+v", r.Lists)
	}
	if _, traced := rouse.Unbound(); traced != r.Tracing || traced != (k.Age != nil) {
		t.Errorf("tracing %v, told %v, age %v", traced, r.Tracing, k.Age)
	}
}

// A task that the collector owns has no counted waker, though its word counts one.
func TestWakersOfUncountedTasks(t *testing.T) {
	p, lists := newProgram()
	j := rouse.SpawnWith[int](p, rouse.Ready(1), rouse.Options{Owned: &p.lists[1], Name: "uncounted", Uncounted: true})
	j.Detach()
	r := getReport(t, Handler(lists...), "/?format=json&q=uncounted")
	if len(r.Tasks) != 1 || r.Tasks[0].Wakers != 0 || r.Lists[1].Counters.Wakers != 0 || !strings.HasSuffix(r.Tasks[0].Word, "refs=1") {
		t.Errorf("%+v", r)
	}
}

func TestText(t *testing.T) {
	_, lists := newProgram()
	s := get(t, Handler(lists...), "/?format=text&state=idle&limit=2", 200, "text/plain")
	lines := strings.Split(s, "\n")
	if lines[0] != "5 tasks, 2 notified, 3 idle, 1 cancelled; 3 matched, 2 shown" || !strings.HasPrefix(lines[2], "LIST  ID") || len(lines) != 6 {
		t.Error(s)
	}
	var b strings.Builder
	if err := WriteText(&b, lists...); err != nil || !strings.Contains(b.String(), "CANCELLED(aborted)") {
		t.Error(b.String(), err)
	}
}

func TestPage(t *testing.T) {
	_, lists := newProgram()
	h := Handler(lists...)
	s := get(t, h, "/", 200, "text/html")
	for _, want := range []string{"<title>5 tasks</title>", "&lt;script&gt;alert(\\&#34;x\\&#34;)&lt;/script&gt;", "inspect/inspect_test.go:", `<span class="cause">aborted</span>`, `href="?sort=name"`} {
		if !strings.Contains(s, want) {
			t.Errorf("the page does not have %q:\n%s", want, s)
		}
	}
	for _, resource := range []string{"<link", "src=", "@import", "http://", "https://"} {
		if strings.Contains(s, resource) {
			t.Errorf("the page has %q", resource)
		}
	}
	s = get(t, h, "/?state=idle&sort=-name&q=a&limit=1", 200, "text/html")
	for _, want := range []string{`aria-sort="descending"`, `value="a"`, "1–1 of 2 that match", "1 of 5 shown", "q=a&amp;sort=name&amp;state=idle"} {
		if !strings.Contains(s, want) {
			t.Errorf("the page does not have %q:\n%s", want, s)
		}
	}
	if s = get(t, Handler(List{Name: "none", Tasks: new(rouse.OwnedTasks)}), "/", 200, "text/html"); !strings.Contains(s, "There are no tasks.") {
		t.Error(s)
	}
}

func TestBadRequests(t *testing.T) {
	_, lists := newProgram()
	h := Handler(lists...)
	for _, url := range []string{"/?state=asleep", "/?sort=colour", "/?limit=-1", "/?limit=x", "/?offset=-1", "/?format=xml"} {
		get(t, h, url, 400, "text/plain")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("POST", "/", nil))
	if w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD" {
		t.Error(w.Code, w.Header())
	}
}

// runs of TestPublish: a name is published once in a process.
var runs atomic.Int64

func TestPublish(t *testing.T) {
	p, lists := newProgram()
	name := fmt.Sprint("inspect_test ", runs.Add(1))
	Publish(name, lists...)
	var got map[string]rouse.Counters
	if err := json.Unmarshal([]byte(expvar.Get(name).String()), &got); err != nil {
		t.Fatal(err)
	}
	if got["one"].Live != 3 || got["two"].Bound != 2 {
		t.Errorf("%+v", got)
	}
	if _, traced := rouse.Unbound(); traced && got["one"].Polls != 3 || len(got) != 2+btoi(traced) {
		t.Errorf("%+v", got)
	}
	p.lists[1].CloseAndShutdownAll()
	p.run()
	if c := lists[1].Tasks.Counters(); c.Live != 0 {
		t.Errorf("%+v", c)
	}
}

// A page of many tasks is made without stopping the others for long.
func BenchmarkPage(b *testing.B) {
	p := new(program)
	for range 10_000 {
		j := p.spawn(0, "reader")
		j.Detach()
	}
	p.run()
	h := Handler(List{Name: "one", Tasks: &p.lists[0]})
	r := httptest.NewRequest("GET", "/", nil)
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}
