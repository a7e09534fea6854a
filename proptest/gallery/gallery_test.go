//go:build rouse_explore

package gallery

import (
	"fmt"
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
	format func(uint64) string // of the faulty program's words
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
	swapInTwoSteps,
	staleWaker,
	abaOnAStack,
	stopOverwritten,
	closedDuringARun,
	pushMeetsWake,
	queuedRunNotCounted,
	touchedAfterSchedule,
	usedOutsideTheLock,
	displacedWaiter,
	signalWithoutTheLock,
	parksOnAnOldLook,
	wakerDroppedUnderALock,
	runsInsideWake,
	dropsUnderItsLock,
	forgottenNotified,
	panicKeepsTheRun,
	panicForgetsTheRest,
}

func TestGallery(t *testing.T) {
	var found, passed tally
	for _, b := range bugs {
		t.Run(b.name, func(t *testing.T) {
			found.add(t.Run("faulty", b.find))
			passed.add(t.Run("right", b.pass))
		})
	}
	if testing.Verbose() {
		fmt.Printf("proof\tgallery-found\t%d\t%d\n", found.run, found.failed)
		fmt.Printf("proof\tgallery-passed\t%d\t%d\n", passed.run, passed.failed)
	}
}

type tally struct{ run, failed int }

func (c *tally) add(ok bool) {
	c.run++
	if !ok {
		c.failed++
	}
}

// find checks that the bug is found, that it is the one meant, and that its schedule fails again.
func (b bug) find(t *testing.T) {
	c := explore.Config{Name: b.name, Format: b.format}
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
