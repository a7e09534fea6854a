//go:build !js && !wasip1 && !rouse_debug && !rouse_trace && !rouse_explore

package rouse

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// inlined are the functions that a caller must not pay a call for. Those that
// change the word are one locked instruction, a look at what it returned, and
// a call only if that was unusual.
var inlined = strings.Fields(`
	(*State).Load (*State).Notify (*State).Begin (*State).Yield (*State).Close (*State).Finish
	(*State).unsetWaker (*State).pin (*State).toShutdown (*State).dropNotified

	Snapshot.Running Snapshot.Complete Snapshot.Notified Snapshot.JoinInterest Snapshot.JoinWaker
	Snapshot.Cancelled Snapshot.Cause Snapshot.Unowned Snapshot.Pinned Snapshot.Orphanable Snapshot.Poisoned
	Snapshot.Idle Snapshot.Refs Snapshot.Dead Snapshot.Orphaned action.String Cause.String Reason.String

	WakerRef.Clone WakerRef.WakeByRef WakerRef.WillWake WakerRef.IsZero WakerRef.Raw WakerRef.Task
	(*Waker).WakeByRef (*Waker).Drop (*Waker).Move (*Waker).Borrow (*Waker).WillWake (*Waker).IsZero
	NewContext Context.Waker FuncWaker ChanWaker NoopWaker

	(*Waker).Clone (*Waker).Wake (*Header).WakerRef (*Header).Wake (*Header).Abort (*Header).Snapshot (*Header).ID
	Notified.Run Notified.IsZero Notified.Task Notified.Next Notified.SetNext
	RawTask.Header RawTask.ID RawTask.Snapshot RawTask.Shutdown
	AbortHandle.Abort AbortHandle.IsFinished AbortHandle.ID AbortHandle.IsZero
	(*LocalQueue).Push (*LocalQueue).Pop (*LocalQueue).Len (*OwnedTasks).IsClosed

	Snapshot.after Snapshot.atRest (*State).add (*State).sub (*State).cas
`)

// TestInlining asks the compiler. Its verdicts are those for the default
// build on amd64, whatever this test was built for.
func TestInlining(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Fatal("this test asks the compiler what it inlines, and finds no go command: ", err)
	}
	cmd := exec.Command(goTool, "build", "-gcflags=-m=2", ".")
	cmd.Env = append(os.Environ(), "GOARCH=amd64", "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, out)
	}
	verdicts := map[string]string{}
	for line := range strings.Lines(string(out)) {
		for _, verdict := range []string{"can inline ", "cannot inline "} {
			if _, f, ok := strings.Cut(line, ": "+verdict); ok {
				name, why, _ := strings.Cut(strings.ReplaceAll(f, ": ", " "), " ")
				verdicts[name] = verdict + strings.TrimSpace(why)
			}
		}
	}
	for _, f := range inlined {
		switch v := verdicts[f]; {
		case v == "":
			t.Errorf("%s: the compiler knows no such function", f)
		case strings.HasPrefix(v, "cannot"):
			t.Errorf("%s: %s", f, v)
		}
	}
}
