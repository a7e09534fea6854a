package proptest_test

import (
	"fmt"
	"slices"

	"github.com/rouse-go/rouse"
)

// actorOpTable is what can be done to an actor at any time, also inside its
// own poll, by whoever the guard says exists.
var actorOpTable = []actorOperation{
	{"wake", (*actor).reachable, func(a *actor) {
		a.effect(a.life.wake(), rouse.Woken)
		a.Wake()
	}},
	{"wake by ref", (*actor).reachable, func(a *actor) {
		a.effect(a.life.wake(), rouse.Woken)
		a.WakerRef().WakeByRef()
	}},
	{"clone", (*actor).reachable, func(a *actor) {
		a.clone()
		w := a.WakerRef().Clone()
		a.held = append(a.held, &w)
	}},
	{"clone a waker", (*actor).hasWaker, func(a *actor) {
		a.clone()
		w := a.held[0].Clone()
		a.held = append(a.held, &w)
	}},
	{"wake by value", (*actor).hasWaker, func(a *actor) {
		a.effect(a.wakeByVal(), rouse.Woken)
		a.pop().Wake()
	}},
	{"drop", (*actor).hasWaker, func(a *actor) {
		a.effect(a.drop(), rouse.Cancelled)
		a.pop().Drop()
	}},
	{"abort", func(a *actor) bool { return a.reachable() && !a.spared }, func(a *actor) {
		e, recorded := a.abort(rouse.CauseAborted)
		a.effect(e, rouse.Cancelled)
		a.reports("Abort", a.Abort(), recorded)
	}},
	{"close", func(a *actor) bool { return a.owned && !a.spared }, func(a *actor) {
		e, _ := a.life.close()
		a.effect(e, rouse.Cancelled)
		a.reports("Close", a.Close(), e == cancel)
	}},
	{"disown", func(a *actor) bool { return a.owned && !a.bound }, func(a *actor) {
		a.effect(a.disown(), rouse.Cancelled)
		a.Disown()
	}},
	{"shut down", func(a *actor) bool { return a.owned && !a.spared }, func(a *actor) {
		a.effect(a.life.shutdown(), rouse.Cancelled)
		if a.bound {
			a.list.CloseAndShutdownAll()
			return
		}
		task, _ := a.WakerRef().Task()
		task.Shutdown()
	}},
}

type actorOperation struct {
	name  string
	guard func(*actor) bool
	do    func(*actor)
}

func actorOp(name string) actorOperation {
	return actorOpTable[slices.IndexFunc(actorOpTable, func(o actorOperation) bool { return o.name == name })]
}

// reachable: somebody holds a claim, a waker or the task.
func (a *actor) reachable() bool {
	return a.owned || a.wakers > 0 || a.phase == granted || a.phase == running
}

func (a *actor) hasWaker() bool { return len(a.held) > 0 }

func (a *actor) pop() *rouse.Waker {
	w := a.held[0]
	a.held = a.held[1:]
	return w
}

// reports compares what an operation reports.
func (a *actor) reports(op string, got, want bool) {
	if got != want {
		a.wrong = append(a.wrong, fmt.Errorf("%s reports %v, want %v", op, got, want))
	}
}
