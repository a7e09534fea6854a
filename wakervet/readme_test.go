package wakervet

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestTables checks that the tables have each check, in the order of Analyzers.
func TestTables(t *testing.T) {
	var rows []string
	for _, m := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\|").FindAllStringSubmatch(readme(t), -1) {
		rows = append(rows, m[1])
	}
	if names := checkNames(); !slices.Equal(rows, names) {
		t.Errorf("the tables have %q, the analyzers are %q", rows, names)
	}
}

// TestNumberOfMistakes checks the number that the page gives.
func TestNumberOfMistakes(t *testing.T) {
	dirs, err := os.ReadDir("testdata/src/mistakes")
	if err != nil {
		t.Fatal(err)
	}
	if said := fmt.Sprintf("has %d mistakes", len(dirs)); !strings.Contains(readme(t), said) {
		t.Errorf("the page does not say that testdata/src/mistakes %s", said)
	}
}

// TestExample runs the checks over the example of the page: each line is reported by
// the check that its comment names, and by no other, and the lines that the comments
// name are those of the messages.
func TestExample(t *testing.T) {
	_, example, found := strings.Cut(readme(t), "\n```go\n")
	if !found {
		t.Fatal("the page has no example")
	}
	example, _, _ = strings.Cut(example, "\n```\n")
	const head = `package example

import "github.com/rouse-go/rouse"

type source struct {
	closed bool
	last   rouse.WakerRef
	waker  rouse.Waker
}

func (s *source) Drop() { s.waker.Drop() }

//line example.go:1
`
	root := t.TempDir()
	for name, text := range map[string]string{
		"example/example.go":                 head + example + "\n",
		"github.com/rouse-go/rouse/rouse.go": stubText(t),
	} {
		file := filepath.Join(root, "src", name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var want []string
	for i, line := range strings.Split(example, "\n") {
		if m := regexp.MustCompile(`// (\w+): `).FindStringSubmatch(line); m != nil {
			want = append(want, fmt.Sprintf("%d %s", i+1, m[1]))
		}
	}
	_, all := findingsIn(t, root, "example")
	var got []string
	for _, found := range all {
		got = append(got, found...)
	}
	slices.Sort(got)
	slices.Sort(want)
	if len(want) < 4 || !slices.Equal(got, want) {
		t.Errorf("reported %q, the page says %q", got, want)
	}
}

func stubText(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(analysistest.TestData(), "src/github.com/rouse-go/rouse/rouse.go"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
