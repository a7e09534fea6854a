//go:build !js && !wasip1 && !rouse_debug && !rouse_trace && !rouse_explore

package rouse_test

import (
	"go/doc/comment"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// markdown returns the pages of the repository, by path.
func markdown(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "build" || d.Name() == "node_modules" || d.Name() == "target" || path != "." && strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == ".md" {
			text, err := os.ReadFile(path)
			found[path] = string(text)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

var (
	codeBlock = regexp.MustCompile("(?ms)^```.*?^```$")
	codeSpan  = regexp.MustCompile("`[^`\n]*`")
	link      = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading   = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// anchors returns what a page's headings are linked to by.
func anchors(page string) map[string]bool {
	found := map[string]bool{}
	for _, h := range heading.FindAllStringSubmatch(codeBlock.ReplaceAllString(page, ""), -1) {
		var b strings.Builder
		for _, r := range strings.ToLower(h[1]) {
			switch {
			case r == ' ':
				b.WriteByte('-')
			case r == '-' || r == '_' || 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r > 127:
				b.WriteRune(r)
			}
		}
		found[b.String()] = true
	}
	return found
}

// TestLinks follows each link of a page that leads into the repository, or to the
// documentation of one of its packages.
func TestLinks(t *testing.T) {
	pages := markdown(t)
	followed := 0
	for path, page := range pages {
		text := codeSpan.ReplaceAllString(codeBlock.ReplaceAllString(page, ""), "code")
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if rest, ok := strings.CutPrefix(target, "https://pkg.go.dev/github.com/rouse-go/rouse"); ok {
				followed++
				checkDocLink(t, path, filepath.Join(".", rest), anchor)
				continue
			}
			if strings.Contains(target, ":") {
				continue
			}
			followed++
			to := filepath.Join(filepath.Dir(path), target)
			if target == "" {
				to = path
			}
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s: %s leads nowhere", path, m[1])
			} else if anchor != "" && !anchors(pages[to])[anchor] {
				t.Errorf("%s: %s has no such heading", path, m[1])
			}
		}
	}
	if followed < 50 {
		t.Errorf("%d links", followed)
	}
}

// checkDocLink checks that the package in dir has the heading or the name that a link
// to its documentation leads to.
func checkDocLink(t *testing.T, page, dir, anchor string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Errorf("%s: a link to the documentation of %s, which is no package", page, dir)
	}
	found := anchor == ""
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if title, ok := strings.CutPrefix(anchor, "hdr-"); ok {
			f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range new(comment.Parser).Parse(f.Doc.Text()).Content {
				h, ok := b.(*comment.Heading)
				found = found || ok && h.DefaultID() == "hdr-"+title
			}
			continue
		}
		found = found || regexp.MustCompile(`(?m)^(type|func) `+regexp.QuoteMeta(anchor)+`\b`).Match(text)
	}
	if !found {
		t.Errorf("%s: the documentation of %s has no %s", page, dir, anchor)
	}
}

// TestMakeTargets checks that there is what the pages say to make.
func TestMakeTargets(t *testing.T) {
	files, err := filepath.Glob("*/*.mk")
	if err != nil {
		t.Fatal(err)
	}
	var targets []string
	for _, file := range append(files, "Makefile") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^([a-z0-9-]+):`).FindAllStringSubmatch(string(text), -1) {
			targets = append(targets, m[1])
		}
	}
	said := 0
	for path, page := range markdown(t) {
		for _, m := range regexp.MustCompile("(?m)(?:^    |`|^)make ([a-z0-9-]+)").FindAllStringSubmatch(page, -1) {
			if said++; !slices.Contains(targets, m[1]) {
				t.Errorf("%s: there is no make %s", path, m[1])
			}
		}
	}
	if said < 10 {
		t.Errorf("%d targets are named", said)
	}
}

// TestMakeNeedsNoOtherTools checks that make test calls nothing that Go, make, a C
// compiler and a plain shell do not bring.
func TestMakeNeedsNoOtherTools(t *testing.T) {
	text, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	recipes := 0
	for _, line := range strings.Split(string(text), "\n") {
		if !strings.HasPrefix(line, "\t") {
			continue
		}
		recipes++
		if tool := regexp.MustCompile(`(^|[\s;|&(@])(g?timeout|nice|ionice|setsid|stdbuf|taskset|flock)\s`).FindString(line); tool != "" {
			t.Errorf("make calls%s: %s", tool, line)
		}
	}
	if recipes < 10 {
		t.Errorf("%d lines of recipes", recipes)
	}
}

// kit returns the text of the root's files, without the tests.
func kit(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			found[file] = string(text)
		}
	}
	return found
}

// TestMessagesOfThePage finds the messages that docs/when-it-goes-wrong.md shows in the
// kit, but for what differs from one to the next.
func TestMessagesOfThePage(t *testing.T) {
	var sources strings.Builder
	for _, text := range kit(t) {
		sources.WriteString(regexp.MustCompile(`"\s*\+\s*"`).ReplaceAllString(text, ""))
	}
	text, err := os.ReadFile("docs/when-it-goes-wrong.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, m := range regexp.MustCompile(`(?m)^rouse: (.*)$`).FindAllStringSubmatch(string(text), -1) {
		shown++
		message := regexp.MustCompile(` \((state|task) .*$`).ReplaceAllString(m[1], "")
		// What is put in: numbers, operations, kinds of handles, the task and its cause.
		parts := regexp.MustCompile(`\b\d+\b|\b(Waker|WakerRef|Notified|JoinHandle|Header)(\.\w+)?\b|\(\w+\)|spawned at \S+|by the return of its Poll|orphaned: |, or spawn it|being awaited or detached`).Split(message, -1)
		for _, part := range parts {
			if part = strings.Trim(part, " ,:"); len(part) > 3 && !strings.Contains(sources.String(), part) {
				t.Errorf("the kit does not say %q, as in\n%s", part, m[0])
			}
		}
	}
	if shown < 8 {
		t.Errorf("%d messages", shown)
	}
}

// TestNamesOfMigrating finds what the tables of docs/migrating.md name in the column
// "here" among what the kit exports.
func TestNamesOfMigrating(t *testing.T) {
	list, err := os.ReadFile("testdata/exports.txt")
	if err != nil {
		t.Fatal(err)
	}
	exported := map[string]bool{}
	for _, line := range strings.Split(string(list), "\n") {
		m := regexp.MustCompile(`^\w+ (?:\(?\*?(\w+)(?:\[[^\]]*\])?\)?[. ])?(\w+)`).FindStringSubmatch(line)
		if m == nil {
			continue
		}
		exported[m[1]], exported[m[2]], exported[m[1]+"."+m[2]] = true, true, true
	}
	text, err := os.ReadFile("docs/migrating.md")
	if err != nil {
		t.Fatal(err)
	}
	_, tables, ok := strings.Cut(string(text), "\n## From tokio\n")
	if !ok {
		t.Fatal("the page has no tables")
	}
	named := 0
	for _, row := range regexp.MustCompile(`(?m)^\|([^|]*)\|([^|]*)\|`).FindAllStringSubmatch(tables, -1) {
		for _, span := range codeSpan.FindAllString(row[2], -1) {
			for _, name := range regexp.MustCompile(`\b[A-Z]\w*(?:\.[A-Z]\w*)*`).FindAllString(span, -1) {
				if len(name) < 2 {
					continue // a type parameter
				}
				if named++; !exported[name] {
					t.Errorf("the kit has no %s, as in%s", name, row[2])
				}
			}
		}
	}
	if named < 60 {
		t.Errorf("%d names", named)
	}
}

// TestNothingUnderneath checks what the README says that a copy of the kit brings along.
func TestNothingUnderneath(t *testing.T) {
	if files, err := filepath.Glob("*.[sch]"); err != nil || len(files) != 0 {
		t.Errorf("%q, %v", files, err)
	}
	for file, text := range kit(t) {
		f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			switch path, _ := strconv.Unquote(i.Path.Value); {
			case path == "C":
				t.Errorf("%s uses cgo", file)
			case strings.Contains(path, ".") && path != "go.uber.org/atomic" && file != "word_explore.go":
				t.Errorf("%s imports %s", file, path)
			}
		}
		if at := regexp.MustCompile(`(?m)^(//go:linkname|func init\(\))`).FindString(text); at != "" {
			t.Errorf("%s has %s", file, at)
		}
	}
}
