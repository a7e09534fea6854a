//go:build rouse_explore

package gallery

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A bug is a program that has it, and rouse's way to write the same.
type bug struct {
	name   string // as in README.md
	within int    // how many schedules the search may take to find it
	fails  string // part of the failure's message
	faulty func(*explore.Exec)
	right  func(*explore.Exec)
	format func(uint64) string // of the faulty program's words; decimal if nil
}

var bugs = []bug{
	idleWithoutLooking,
	looksBeforeIdle,
	loadOnlyWake,
	shutdownClearsNotified,
	joinerWokenByValue,
	assertBeforeComplete,
	cancelNeverQueued,
	byValueDecrementsTwice,
	staleWaker,
	abaOnAStack,
	stopOverwritten,
	pushMeetsWake,
	queuedRunNotCounted,
	touchedAfterSchedule,
	usedOutsideTheLock,
	displacedWaiter,
	signalWithoutTheLock,
	wakerDroppedUnderALock,
	runsInsideWake,
	dropsUnderItsLock,
	forgottenNotified,
}

func TestGallery(t *testing.T) {
	missed, broken := 0, 0
	for _, b := range bugs {
		if !t.Run(b.name+"/faulty", b.find) {
			missed++
		}
		if !t.Run(b.name+"/right", b.pass) {
			broken++
		}
	}
	if testing.Verbose() {
		fmt.Printf("proof\tgallery-found\t%d\t%d\n", len(bugs), missed)
		fmt.Printf("proof\tgallery-passed\t%d\t%d\n", len(bugs), broken)
	}
}

// find checks that the bug is found, that it is the one meant, and that its schedule fails again.
func (b bug) find(t *testing.T) {
	c := explore.Config{Name: b.name, Format: b.format}
	if c.Format == nil {
		c.Format = func(v uint64) string { return strconv.FormatInt(int64(v), 10) }
	}
	r := explore.CheckFails(t, c, b.within, b.faulty)
	f := r.Failure
	if !strings.Contains(f.Message, b.fails) {
		t.Errorf("found %q, want %q", f.Message, b.fails)
	}
	shown := *f
	shown.Stack = "" // of the explorer's, mostly
	t.Logf("found after %d schedules:\n%v", r.Schedules, &shown)
	again, err := explore.Replay(f.Token, c, b.faulty)
	if err != nil || again.Failure == nil || again.Failure.Table != f.Table {
		t.Errorf("replay of %s: %v, %v", f.Token, again.Failure, err)
	}
}

func (b bug) pass(t *testing.T) {
	c := explore.Config{
		Name:       b.name,
		Format:     snapshot,
		RetryLoops: true, // the kit's loops keep nothing from an attempt that failed
	}
	if r := explore.Check(t, c, b.right); !r.Exhausted {
		t.Errorf("not exhausted: %v", r)
	}
}

// snapshot is the format of the kit's words.
func snapshot(w uint64) string { return rouse.Snapshot(w).String() }
