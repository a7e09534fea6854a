package main

import (
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
	"time"
)

const sample = `package p

func (s *State) f(n Snapshot) action {
	if n&(flagRunning|flagComplete) == 0 {
		return actNone
	}
	for s.cas(n, n-refOne) {
		s.add(0)
	}
	if debugging {
		return s.g(1)
	}
	return actSubmit
}
`

func sampleSource(t *testing.T) *source {
	s := &source{name: "p.go", text: []byte(sample), fset: token.NewFileSet()}
	var err error
	if s.file, err = parser.ParseFile(s.fset, "p.go", s.text, 0); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOperators(t *testing.T) {
	s := sampleSource(t)
	texts := map[string]*mutant{}
	for _, m := range s.mutants() {
		texts[s.apply(0, len(s.text), m.edits)] = m
	}
	for _, c := range []struct {
		old, new string
		torn     bool
	}{
		{"flagRunning|flagComplete", "zeroSnapshot|flagComplete", false},
		{"flagRunning|flagComplete", "flagRunning&flagComplete", false},
		{"== 0", "!= 0", false},
		{"n-refOne", "n-zeroSnapshot", false},
		{"n-refOne", "n-(2*refOne)", false},
		{"n-refOne", "n+refOne", false},
		{"s.cas(n, n-refOne)", "s.casTorn(n, n-refOne)", true},
		{"s.cas(n, n-refOne)", "s.casBlind(n, n-refOne)", true},
		{"s.add(0)", "s.addTorn(0)", true},
		{"s.add(0)", "s.Load()", true},
		{"\t\ts.add(0)\n", "\t\t\n", false},
		{"actSubmit", "actNone", false},
		{"s.g(1)", "s.g(2)", false},
	} {
		text := strings.Replace(sample, c.old, c.new, 1)
		m, ok := texts[text]
		if !ok {
			t.Errorf("%s does not become %s", c.old, c.new)
		} else if m.torn != c.torn {
			t.Errorf("%s: torn is %v", m.name, m.torn)
		}
		if ok && (m.build == "rouse_debug") != (c.old == "s.g(1)") {
			t.Errorf("%s: needs build tag %q", m.name, m.build)
		}
	}
}

func TestNamesAreUnique(t *testing.T) {
	var names []string
	for _, m := range sampleSource(t).mutants() {
		names = append(names, m.name)
	}
	n := len(names)
	slices.Sort(names)
	if len(slices.Compact(names)) != n {
		t.Error(names)
	}
}

// A mutant whose process ends without a failing test, a panic or a hang was
// not killed: the tool is at fault.
func TestWhatIsNoKill(t *testing.T) {
	for script, found := range map[string]string{
		"exit 0":                                 "",
		"echo '--- FAIL: TestX (0.00s)'; exit 1": "TestX",
		"echo 'panic: x'; exit 2":                "panic: x",
		"sleep 10":                               "hangs",
	} {
		k := killer{name: script, binary: shell(t, script), limit: time.Minute}
		if found == "hangs" {
			k.limit = time.Second
		}
		if got, out, err := k.attempt(t.TempDir(), 1); got != found || err != nil {
			t.Errorf("%s: %q, %v, want %q\n%s", script, got, err, found, out)
		}
	}
	k := killer{binary: shell(t, "exit 1"), limit: time.Minute}
	if got, _, err := k.attempt(t.TempDir(), 1); err == nil {
		t.Errorf("a process that only exits counts as a kill: %q", got)
	}
}

// What hangs once is tried again, with a limit that fits the machine as it is now.
func TestHangsTwice(t *testing.T) {
	const script = "test -e tried || { touch tried; sleep 10; }; sleep 1.5"
	k := killer{binary: shell(t, script), limit: time.Second}
	for limit, want := range map[time.Duration]string{time.Second: hangs, time.Minute: ""} {
		got, err := k.run(t.TempDir(), 1, func() (time.Duration, error) { return limit, nil })
		if got != want || err != nil {
			t.Errorf("measured %v: %q, %v, want %q", limit, got, err, want)
		}
	}
}
