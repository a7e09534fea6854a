package rouse

import "fmt"

// A Leak is a number of owned handles (Waker, Notified, JoinHandle) of one kind
// and one birth place that were not ended.
type Leak struct {
	Kind      string
	Stack     string // of the birth
	Count     int
	Collected bool // nobody can end it any more
}

var endings = map[string]string{
	"Waker":      "Wake, Drop or IntoRaw",
	"Notified":   "Run or Drop",
	"JoinHandle": "being awaited or detached",
}

// String tells the kind, the number, and the birth place.
func (l Leak) String() string {
	what := "alive"
	if l.Collected {
		what = "never ended: it was lost without " + endings[l.Kind]
	}
	return fmt.Sprintf("rouse: %d %s %s\nborn at:\n%s", l.Count, l.Kind, what, l.Stack)
}
