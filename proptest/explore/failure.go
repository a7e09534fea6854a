package explore

import (
	"fmt"
	"strings"
)

// atRest is called with no thread enabled: the execution is complete, or stuck.
func (e *engine) atRest() {
	var stuck []string
	for _, t := range e.threads {
		if !t.done && !t.daemon {
			stuck = append(stuck, t.name+" in "+t.waitingFor())
		}
	}
	if stuck != nil {
		e.fail(nil, "deadlock: %s", strings.Join(stuck, ", "))
	}
}

func (t *thread) waitingFor() string {
	switch t.pend {
	case opAwait:
		return fmt.Sprintf("Await(%q)", t.what)
	case opLock:
		return fmt.Sprintf("%v.Lock", t.pendObj)
	}
	return opNames[t.pend]
}

func (e *engine) fail(t *thread, format string, args ...any) {
	if e.failure != nil {
		return
	}
	e.failure = &Failure{Message: fmt.Sprintf(format, args...)}
	if t != nil && t != e.main {
		e.failure.Thread = t.name
	}
}

func (e *engine) panicked(t *thread, v any, stack string) {
	e.fail(t, "panic in %s: %v", t.name, v)
	if e.failure.Stack == "" {
		e.failure.Stack = stack
	}
}
