package main

import (
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/inspect"
)

// A program has tasks in every state on two lists.
type program struct {
	queue rouse.RunQueue
	lists [2]rouse.OwnedTasks
	kept  []rouse.Waker
}

func (p *program) Schedule(n rouse.Notified, _ rouse.Reason) { p.queue.Push(n) }
func (p *program) Yield(n rouse.Notified)                    { p.queue.Push(n) }

func (p *program) run() {
	for n, ok := p.queue.Pop(); ok; n, ok = p.queue.Pop() {
		n.Run()
	}
}

// 100,085 tasks, of which 35 are notified.
const (
	readers = 100_000
	writers = 60
	owed    = 25
	woken   = 7
	aborted = 3
)

func (p *program) start() {
	for i := range readers {
		p.reader(i)
	}
	for i := range writers {
		rouse.SpawnWith[int](p, rouse.FutureFunc[int](func(cx rouse.Context) (int, bool) {
			p.kept = append(p.kept, cx.Waker().Clone())
			return 0, false
		}), rouse.Options{Owned: &p.lists[1], Name: fmt.Sprintf("flush <segment %d>", i)})
	}
	p.run()
	for i := range p.kept { // polled different numbers of times
		for range i % 5 {
			p.kept[i].WakeByRef()
			p.run()
		}
	}
	for range owed {
		j := rouse.SpawnWith[int](p, rouse.Ready(1), rouse.Options{Owned: &p.lists[1], Name: "compact"})
		j.Detach()
	}
	for i := range woken {
		p.kept[i*100].Wake() // and stays queued
	}
	n := 0
	for t := range p.lists[1].All() {
		if n < aborted && t.Snapshot().Idle() {
			t.Header().Abort()
			n++
		}
	}
}

func (p *program) reader(i int) {
	name := fmt.Sprintf("conn %d", i)
	if i == 0 {
		name = strings.Repeat("long-name-", 100)
	}
	rouse.SpawnWith[int](p, rouse.FutureFunc[int](func(cx rouse.Context) (int, bool) {
		if len(p.kept) <= i {
			p.kept = append(p.kept, cx.Waker().Clone())
		}
		cx.Waker().SetLabel(waitsFor(name))
		return 0, false
	}), rouse.Options{Owned: &p.lists[0], Name: name})
}

// serve answers on a free port of the loopback interface.
func (p *program) serve() (url string, err error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	h := inspect.Handler(inspect.List{Name: "net", Tasks: &p.lists[0]}, inspect.List{Name: "disk", Tasks: &p.lists[1]})
	go http.Serve(ln, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/tasks" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		h.ServeHTTP(w, r)
	}))
	return "http://" + ln.Addr().String() + "/tasks", nil
}

// waitsFor tells a reader that waits for a request from one that waits for news.
func waitsFor(name string) string {
	if strings.HasSuffix(name, "7") {
		return "a message of news"
	}
	if strings.HasPrefix(name, "long") {
		return strings.Repeat("a long list of things, ", 10)
	}
	return "a request"
}
