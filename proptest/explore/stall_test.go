package explore

import (
	"strings"
	"testing"
	"time"
)

// TestStall: a thread that does not come back to the search is told of.
func TestStall(t *testing.T) {
	was, end := patience, stalled
	defer func() { patience, stalled = was, end }()
	told := make(chan string, 1)
	patience = 20 * time.Millisecond
	stalled = func(msg string) {
		select {
		case told <- msg:
		default:
		}
	}
	said := ""
	Run(Config{Name: "spins"}, func(x *Exec) {
		x.Go("a", func() {
			if said == "" {
				said = <-told
			}
		})
	})
	if !strings.Contains(said, "spins: a thread has run for 20ms without an operation") {
		t.Errorf("told %q", said)
	}
}
