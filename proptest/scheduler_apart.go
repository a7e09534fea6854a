package proptest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A check that raises a panic on purpose runs in a process of its own: nobody but
// the scheduler's goroutines can recover it there, and where they do not, it ends
// the process and not the test. That process is the test's program again, which is
// told to run this one test; package runtime's own tests of crashes do the same.

// apartIn is the environment variable by which that process knows what it is.
const apartIn = "ROUSE_PROPTEST_APART"

// tryApart is try in a process of its own; in this one where there can be none, as
// on js and wasip1.
func (c check) tryApart(t *testing.T, fresh func() SchedulerUnderTest) error {
	program, err := os.Executable()
	if err != nil || os.Getenv(apartIn) != "" {
		return c.try(fresh)
	}
	promised, look := false, c
	look.run = func(*trial) { promised = true }
	if err := look.try(fresh); err != nil || !promised {
		return err
	}
	args := []string{"-test.v", "-test.run=" + exactly(t.Name())}
	if end, ok := t.Deadline(); ok {
		args = append(args, "-test.timeout="+time.Until(end).String())
	}
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), apartIn+"="+t.Name())
	b, err := cmd.CombinedOutput()
	out := string(b)
	switch {
	case strings.Contains(out, "--- PASS: "+t.Name()+" "):
		return nil
	case strings.Contains(out, outOfRun):
		return fmt.Errorf("a goroutine of the scheduler let the panic of a task escape, which ends the program: "+
			"recover around Notified.Run, and go on with the next; or answer for it in Hooks.Panicked; or do not promise SurvivesPanics\n%s", lastLines(out))
	case errors.As(err, new(*exec.ExitError)):
		return fmt.Errorf("in a process of its own: %w\n%s", err, lastLines(out))
	}
	return c.try(fresh) // it cannot be started, or runs something else
}

// exactly returns the pattern of -test.run for the test of this name alone.
func exactly(name string) string {
	elems := strings.Split(name, "/")
	for i, e := range elems {
		elems[i] = "^" + regexp.QuoteMeta(e) + "$"
	}
	return strings.Join(elems, "/")
}

// lastLines returns what a process said last: of a panic the head, of a test what
// it reports.
func lastLines(out string) string {
	const most = 40
	i := strings.LastIndex(out, "panic: ")
	if i < 0 {
		i = max(strings.LastIndex(out, "=== RUN"), 0)
	}
	lines := strings.Split(strings.TrimSpace(out[i:]), "\n")
	if len(lines) > most {
		lines = append(lines[:most], "…")
	}
	return strings.Join(lines, "\n")
}
