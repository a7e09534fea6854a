package inspect_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/inspect"
)

// A Kitchen is a runtime with a list of its tasks.
type Kitchen struct {
	queue rouse.RunQueue
	tasks rouse.OwnedTasks
}

// Open returns a Kitchen with a task that waits and a task that is due.
func Open() *Kitchen {
	k := new(Kitchen)
	for _, name := range []string{"cook", "waiter"} {
		j := rouse.SpawnWith(&k.queue, new(Job), rouse.Options{Owned: &k.tasks, Name: name})
		j.Detach()
	}
	k.queue.RunOne()
	return k
}

func (k *Kitchen) Close() {
	k.tasks.CloseAndShutdownAll()
	k.queue.Close()
}

// A Job waits for ever, and says for what.
type Job struct{ w rouse.Waker }

func (j *Job) Poll(cx rouse.Context) (int, bool) {
	cx.Waker().SetLabel("the next order")
	j.w.CloneFrom(cx.Waker())
	return 0, false
}

func (j *Job) Drop() { j.w.Drop() }

// get returns what h answers.
func get(h http.Handler, address string) string {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", address, nil))
	return w.Body.String()
}

// report returns what h answers in JSON.
func report(h http.Handler) (r inspect.Report) {
	if err := json.Unmarshal([]byte(get(h, "/debug/tasks?format=json")), &r); err != nil {
		fmt.Println(err)
	}
	return r
}

// A List is an OwnedTasks by name. The Handler serves it as a page, as text and as
// JSON.
func ExampleList() {
	k := Open()
	defer k.Close()
	h := inspect.Handler(inspect.List{Name: "kitchen", Tasks: &k.tasks})
	http.Handle("/debug/tasks", h)

	text := get(h, "/debug/tasks?format=text")
	first, _, _ := strings.Cut(text, "\n")
	fmt.Println(first)
	// Output: 2 tasks, 1 notified, 1 idle
}

// A Report is what is answered in JSON.
func ExampleReport() {
	k := Open()
	defer k.Close()
	r := report(inspect.Handler(inspect.List{Name: "kitchen", Tasks: &k.tasks}))
	fmt.Println(r.Total, r.States["idle"], r.States["notified"])
	// Output: 2 1 1
}

// A Task has a label, which says what it waits for, if it calls
// rouse.WakerRef.SetLabel.
func ExampleTask() {
	k := Open()
	defer k.Close()
	r := report(inspect.Handler(inspect.List{Name: "kitchen", Tasks: &k.tasks}))
	for _, t := range r.Tasks {
		fmt.Printf("%s is %s, label %q\n", t.Name, t.State, t.Label)
	}
	// Output:
	// cook is idle, label "the next order"
	// waiter is notified, label ""
}

// ListCounters are the totals of a list.
func ExampleListCounters() {
	k := Open()
	defer k.Close()
	r := report(inspect.Handler(inspect.List{Name: "kitchen", Tasks: &k.tasks}))
	for _, l := range r.Lists {
		fmt.Println(l.Name, l.Counters.Live)
	}
	// Output: kitchen 2
}

// The counters of lists are an expvar variable, which Publish publishes.
func ExampleVar() {
	k := Open()
	defer k.Close()
	v := inspect.Var(inspect.List{Name: "kitchen", Tasks: &k.tasks})
	var counters map[string]rouse.Counters
	if err := json.Unmarshal([]byte(v.String()), &counters); err != nil {
		fmt.Println(err)
	}
	fmt.Println(counters["kitchen"].Bound, counters["kitchen"].Live)
	// Output: 2 2
}
