package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rouse-go/rouse"
)

// With the tag the file has polls of every task, without it there is none.
func TestTimeline(t *testing.T) {
	out := filepath.Join(t.TempDir(), "timeline.json")
	err := run(out, 5)
	if !rouse.SetTracer(nil) {
		if err == nil || !strings.Contains(err.Error(), "-tags rouse_trace") {
			t.Error(err)
		}
		if _, err = os.Stat(out); !os.IsNotExist(err) {
			t.Errorf("a file is left: %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var events []struct {
		Ph   string
		Args struct{ Name string }
	}
	if err = json.Unmarshal(b, &events); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"acceptor": true, "sweeper": true, "conn 1": true, "conn 2": true, "conn 3": true, "conn 4": true, "conn 5": true}
	arrows := 0
	for _, e := range events {
		delete(want, e.Args.Name)
		if e.Ph == "f" {
			arrows++
		}
	}
	if len(want) > 0 || arrows < 20 {
		t.Errorf("%d arrows, and no tracks of %v", arrows, want)
	}
}
