//go:build unix

package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
)

// The page and the counters are there while the command runs.
func TestDebugAddr(t *testing.T) {
	child, lines := start(t, "-loops 2 -debug-addr 127.0.0.1:0")
	first, _ := lines.ReadString('\n')
	second, _ := lines.ReadString('\n')
	page, ok := strings.CutPrefix(strings.TrimSpace(second), "tasks on ")
	if !ok {
		t.Fatalf("the command says %q, %q", first, second)
	}
	occupy(t, strings.TrimSuffix(strings.Fields(first)[2], ","))

	if s := fetch(t, page); !strings.Contains(s, "acceptor") || !strings.Contains(s, "conn 1") || !strings.Contains(s, "resp/accept.go:") {
		t.Errorf("the page is\n%s", s)
	}
	var vars struct {
		Rouse map[string]struct{ Live, Bound uint64 }
		Resp  struct{ Clients int }
	}
	if err := json.Unmarshal([]byte(fetch(t, strings.Replace(page, "tasks", "vars", 1))), &vars); err != nil {
		t.Fatal(err)
	}
	if vars.Rouse["loop 0"].Live+vars.Rouse["loop 1"].Live < 3 || vars.Resp.Clients == 0 {
		t.Errorf("%+v", vars)
	}
	if s := fetch(t, strings.TrimSuffix(page, "debug/tasks")); !strings.Contains(s, "<h1>Tasks</h1>") {
		t.Errorf("no page at the root: %s", s)
	}
	child.Process.Signal(syscall.SIGTERM)
	if err := child.Wait(); err != nil {
		t.Error(err)
	}
}

func fetch(t *testing.T, url string) string {
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v", url, r.Status, err)
	}
	return string(b)
}
