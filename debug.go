package rouse

import "fmt"

// A Leak tells of owned handles that were created at one place and not consumed.
// It is plain data. Leaks and OnLeak report it.
type Leak struct {
	Kind      string // "Waker", "Notified" or "JoinHandle"
	Stack     string // where the handles were created
	Count     int    // how many there are
	Collected bool   // the garbage collector has found them: nobody can consume them any more
}

var endings = map[string]string{
	"Waker":      "Wake, Drop or IntoRaw",
	"Notified":   "Run or Drop",
	"JoinHandle": "being awaited or detached",
}

// String returns the number, the kind and the stack, for people.
func (l Leak) String() string {
	what := "alive"
	if l.Collected {
		what = "never ended: it was lost without " + endings[l.Kind]
	}
	return fmt.Sprintf("rouse: %d %s %s\nborn at:\n%s", l.Count, l.Kind, what, l.Stack)
}
