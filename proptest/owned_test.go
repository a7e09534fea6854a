package proptest_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/rouse-go/rouse"
	"pgregory.net/rapid"
)

// A member is a task that may be on one of two lists.
type member struct {
	rouse.Header
	life
	id       int
	list     int // -1: on none
	shard    int // the list it was bound to, for ever
	leaving  int // the list whose shutdown has it end at its next run, -1: none
	due      []rouse.Notified
	ends     int
	released int
}

var members = rouse.NewVtable(rouse.Ops[member]{
	Poll:     func(m *member, _ rouse.Context) bool { m.ends++; return true },
	Cancel:   func(m *member, _ rouse.Cause) { m.ends++ },
	Schedule: func(m *member, n rouse.Notified, _ rouse.Reason) { m.due = append(m.due, n) },
	Release:  func(m *member) { m.released++ },
})

// A registry is two lists, next to what is on them.
type registry struct {
	lists  [2]rouse.OwnedTasks
	closed [2]bool
	all    []*member
	lines  [2]*line // of those who wait until a list is empty
}

func (r *registry) some(f func(*member) bool) []*member {
	var some []*member
	for _, m := range r.all {
		if f(m) {
			some = append(some, m)
		}
	}
	return some
}

func (r *registry) on(list int) []*member {
	return r.some(func(m *member) bool { return m.list == list })
}

// with is an act on one of the members that f admits.
func (r *registry) with(name string, f func(*member) bool, do func(*rapid.T, *member)) act {
	return act{name, func() bool { return len(r.some(f)) > 0 }, func(t *rapid.T) { do(t, pick(t, r.some(f), "member")) }}
}

func (r *registry) add(phase phase, list int) *member {
	m := &member{id: len(r.all), list: list, shard: list, leaving: -1, life: life{owned: true, counted: true, phase: phase}}
	r.all = append(r.all, m)
	return m
}

// end is what a task does as it ends: it leaves its list.
func (m *member) end() {
	m.complete()
	m.owned = m.owned && m.list < 0
	m.list, m.leaving = -1, -1
	m.finish()
}

func (r *registry) empty(list int) bool {
	return len(r.some(func(m *member) bool { return m.list == list || m.leaving == list })) == 0
}

// left comes after a task may have left a list: if it was the last, all who wait are told.
func (r *registry) left() {
	for i, l := range r.lines {
		for r.empty(i) && len(l.queue) > 0 {
			l.tell("all")
		}
	}
}

// pollEmpty returns the acts of those who wait.
func (r *registry) pollEmpty(i int) []act {
	l, name := r.lines[i], fmt.Sprintf(" of list %d", i)
	run := l.run()
	run.name += " who waits" + name
	return []act{run,
		{"PollEmpty" + name, always, func(t *rapid.T) {
			w, s := pick(t, l.waitings, "waiting"), pick(t, l.sleepers, "sleeper")
			empty := r.lists[i].PollEmpty(rouse.NewContext(s.ref), &w.wait)
			if empty != r.empty(i) {
				t.Fatalf("list %d: PollEmpty reports %v, %d tasks are on it", i, empty, len(r.on(i)))
			}
			w.told = false
			if empty {
				l.leave(w)
			} else {
				l.come(w, s)
			}
		}},
		{"Drop" + name, always, func(t *rapid.T) {
			w := pick(t, l.waitings, "waiting")
			w.wait.Drop()
			l.leave(w)
		}},
	}
}

func (r *registry) acts() []act {
	list := func(t *rapid.T) int { return rapid.IntRange(0, 1).Draw(t, "list") }
	return []act{
		{"Bind", always, func(t *rapid.T) {
			i := list(t)
			m := r.add(idle, i)
			members.Init(m)
			if r.lists[i].Bind(&m.Header) == r.closed[i] {
				t.Fatalf("Bind reports %v, the list is closed: %v", !r.closed[i], r.closed[i])
			}
			if r.closed[i] {
				m.list, m.shard = -1, -1
			}
		}},
		{"InitBound", always, func(t *rapid.T) {
			i := list(t)
			m := r.add(granted, i)
			n, open := members.InitBound(m, &r.lists[i])
			if open == r.closed[i] || n.IsZero() == open {
				t.Fatalf("InitBound returns %v, %v; the list is closed: %v", n, open, r.closed[i])
			}
			if !open {
				m.owned, m.list, m.cause = false, -1, rouse.CauseShutdown
				m.end()
				return
			}
			m.due = append(m.due, n)
		}},
		r.with("Remove", func(m *member) bool { return !m.release }, func(t *rapid.T, m *member) {
			i := max(m.shard, 0)
			if got := r.lists[i].Remove(&m.Header); got != (m.list == i) {
				t.Fatalf("Remove reports %v, it was on list %d", got, m.list)
			}
			m.list = -1
			r.left()
		}),
		r.with("Remove from the other list", func(m *member) bool { return !m.release && m.shard >= 0 }, func(t *rapid.T, m *member) {
			if panicOf(func() { r.lists[1-m.shard].Remove(&m.Header) }) == nil {
				t.Fatalf("Remove from another list does not panic")
			}
		}),
		r.with("Wake", func(m *member) bool { return m.owned }, func(_ *rapid.T, m *member) { m.wake(); m.Wake() }),
		r.with("Run", func(m *member) bool { return m.phase == granted }, func(t *rapid.T, m *member) {
			n := m.due[0]
			m.due = m.due[1:]
			m.begin()
			m.end()
			n.Run()
			r.left()
		}),
		r.with("Disown", func(m *member) bool { return m.owned && m.list < 0 }, func(_ *rapid.T, m *member) { m.disown(); m.Disown() }),
		{"Close", always, func(t *rapid.T) {
			i := list(t)
			r.closed[i] = true
			for _, m := range r.on(i) {
				m.list, m.leaving = -1, i
				if m.shutdown() == cancel {
					m.end()
				}
			}
			r.lists[i].CloseAndShutdownAll()
			r.left()
		}},
	}
}

func (r *registry) check(t *rapid.T) {
	for _, l := range r.lines {
		l.check(t)
	}
	for i := range r.lists {
		o, want := &r.lists[i], r.on(i)
		for range o.All() { // and stop early
			break
		}
		var got []int
		for task := range o.All() {
			got = append(got, r.some(func(m *member) bool { return &m.Header == task.Header() })[0].id)
		}
		slices.Sort(got)
		ids := make([]int, len(want))
		for j, m := range want {
			ids[j] = m.id
		}
		if o.Len() != len(want) || !slices.Equal(got, ids) || o.IsClosed() != r.closed[i] {
			t.Fatalf("list %d: %d tasks %v, closed %v; want %v, %v", i, o.Len(), got, o.IsClosed(), ids, r.closed[i])
		}
	}
	for _, m := range r.all {
		if d := m.compare(m.Snapshot()); d != "" {
			t.Fatalf("member %d: %s", m.id, d)
		}
		ended, released := m.phase == ended, m.release
		if m.ends != count(ended) || m.released != count(released) || len(m.due) != count(m.phase == granted) {
			t.Fatalf("member %d: ended %d times, released %d, %d Notifieds; want %v, %v, phase %v", m.id, m.ends, m.released, len(m.due), ended, released, m.phase)
		}
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func ownedProperty(t *rapid.T) {
	r := new(registry)
	acts := r.acts()
	for i := range r.lines {
		r.lines[i] = newLine(t)
		acts = append(acts, r.pollEmpty(i)...)
	}
	machine(t, r.check, acts...)
}

func TestOwned(t *testing.T) { check(t, ownedProperty) }
