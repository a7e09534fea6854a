package rouse

import "testing"

// A task's value is its own from the first poll to its release, of whatever kind
// the task is; the future's destructor and its output are treated as without one.
func TestTaskValue(t *testing.T) {
	var p Pool[output, probe]
	for name, spawn := range map[string]func(l *loop, f probe, o Options) JoinHandle[output]{
		"spawned": func(l *loop, f probe, o Options) JoinHandle[output] { return SpawnWith[output](l, f, o) },
		"pooled":  func(l *loop, f probe, o Options) JoinHandle[output] { return p.SpawnWith(l, f, o) },
	} {
		t.Run(name, func(t *testing.T) {
			for _, value := range []any{nil, "locals", "others", nil} {
				var l loop
				var found any
				f := probe{l: &l, poll: func(cx Context) (output, bool) {
					task, _ := cx.Waker().Task()
					found = task.Value()
					return output{l: &l, v: 1}, true
				}}
				j := spawn(&l, f, Options{Value: value})
				l.run()
				if got, err := join(t, &j); err != nil || got.v != 1 || found != value || l.futures != 1 || l.released != 1 {
					t.Errorf("value %v, want %v; %v, %v, %+v", found, value, got, err, l.counts)
				}
			}
		})
	}
}

// Of knows the tasks of its own Vtable alone.
func TestVtableOf(t *testing.T) {
	var l loop
	a := l.newActor(actors, pending)
	j := Spawn[output](&l, l.ready(1))
	raw := RawTask{&a.Header}
	if got, ok := actors.Of(raw); !ok || got != a || raw.Value() != nil {
		t.Errorf("%p, %v; value %v", got, ok, raw.Value())
	}
	if _, ok := orphanActors.Of(raw); ok {
		t.Error("it is another Vtable's")
	}
	if _, ok := actors.Of(l.last); ok {
		t.Error("it is spawned")
	}
	if _, ok := actors.Of(RawTask{}); ok {
		t.Error("it is none")
	}
	l.run()
	j.Detach()
}

// A disguised is a task of level 1 whose own memory looks like a cell's.
type disguised struct{ cell }

var disguises = NewVtable(Ops[disguised]{
	Poll:     func(*disguised, Context) bool { return false },
	Cancel:   func(*disguised, Cause) {},
	Schedule: func(_ *disguised, n Notified, _ Reason) { n.Drop() },
})

// Value looks at nothing behind the Header of a task of level 1, or of no task.
func TestNoValue(t *testing.T) {
	var l loop
	j := SpawnWith[output](&l, l.ready(1), Options{Value: "locals"})
	d := new(disguised)
	d.stage = cellOf(l.last.h).stage
	if v := (RawTask{&d.Header}).Value(); v != nil {
		t.Errorf("%v, of what is no task", v)
	}
	disguises.Init(d)
	if v := (RawTask{&d.Header}).Value(); v != nil {
		t.Errorf("%v", v)
	}
	l.run()
	j.Detach()
}
