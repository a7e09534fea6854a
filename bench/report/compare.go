package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// compare runs the kit's operations as they are and as they were in a commit,
// alternately, and prints the medians of the ratios of samples in one turn.
func compare(o options) (err error) {
	started := time.Now()
	base := output(o.root, "git", "rev-parse", "--short", "--verify", o.compare+"^{commit}")
	if base == "unknown" {
		return fmt.Errorf("%q is no commit of this repository", o.compare)
	}
	out, err := filepath.Abs(filepath.Join(o.root, "build"))
	if err != nil {
		return err
	}
	old := filepath.Join(out, "compare-"+base)
	if err := unpack(o.root, base, old); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(old)) }()
	var sides [2]*program // as it is, as it was
	for i, dir := range []string{o.root, old} {
		p := &program{path: filepath.Join(out, fmt.Sprint("bench-compare-", i)), flag: "-"}
		if err := command(dir, "go", "build", "-o", p.path, "./bench/ops"); err != nil {
			return err
		}
		if err := p.start(); err != nil {
			return err
		}
		defer p.close()
		sides[i] = p
	}
	now := &record{host: describeHost(o)}
	then := &record{host: now.host}
	then.host.Commit = base
	fmt.Printf("%s beside %s: below 1, the first is faster; %d pairs\n", now.host.Commit, base, o.pairs)
	names := common(sides[0], sides[1], o)
	if len(names) == 0 {
		return fmt.Errorf("no operation that both have matches %q", o.only)
	}
	for i, name := range names {
		progress("%d of %d: %s", i+1, len(names), name)
		m := &measurement{row: row{name: name, ours: name}, sides: []*side{{op: name, program: sides[0]}, {op: name, program: sides[1]}}}
		if err := m.run(o); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		both := m.outcome()
		progress("")
		fmt.Print(compareText(both))
		now.rows = append(now.rows, &outcome{name: name, sides: both.sides[:1]})
		then.rows = append(then.rows, &outcome{name: name, sides: both.sides[1:]})
	}
	fmt.Printf("took %v\n", time.Since(started).Round(time.Second))
	if !o.write {
		return nil
	}
	return addHistory(filepath.Join(o.root, "bench"), append(then.history(), now.history()...))
}

// common are the kit's operations that both have and that were asked for. Those
// of memory, and of several threads, are left to the report.
func common(a, b *program, o options) (names []string) {
	for name := range a.ops {
		_, ok := b.ops[name]
		impl, what, _ := strings.Cut(name, "/")
		kits := strings.HasPrefix(impl, "rouse")
		if ok && kits && o.only.MatchString(name) && !strings.HasSuffix(name, "@") && what != "idle-bytes" && !strings.HasPrefix(what, "sweep") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// noise is how far two builds of the same source may be apart.
const noise = .02

// compareText is a line of the table. A word says that the quartiles of the
// ratios are on one side of 1, and the median beyond the noise.
func compareText(o *outcome) string {
	q, word := o.ratios[0], ""
	switch {
	case q.q3 < 1 && q.median < 1-noise:
		word = "  faster"
	case q.q1 > 1 && q.median > 1+noise:
		word = "  slower"
	}
	return fmt.Sprintf("%-42s %9.1f %9.1f  ×%.3f (%.3f–%.3f)%s\n", o.name, o.sides[0].median, o.sides[1].median, q.median, q.q1, q.q3, word)
}

// unpack writes the files of a commit into dir.
func unpack(root, commit, dir string) error {
	c := exec.Command("git", "archive", "--format=tar", commit)
	c.Dir, c.Stderr = root, os.Stderr
	b, err := c.Output()
	if err != nil {
		return fmt.Errorf("git archive %s: %w", commit, err)
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	for t := tar.NewReader(bytes.NewReader(b)); ; {
		h, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		if !filepath.IsLocal(h.Name) {
			return fmt.Errorf("git archive: %q", h.Name)
		}
		path := filepath.Join(dir, h.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		content, err := io.ReadAll(t)
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
}
