package main

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
)

// support is compiled into the instrumented package.
const support = `package rouse

import (
	"os"
	"strconv"
)

var mutant, _ = strconv.Atoi(os.Getenv("ROUSE_MUTANT"))

var zeroSnapshot Snapshot

func (s *State) addTorn(d Snapshot) Snapshot { n := s.Load() + d; s.w.Store(uint64(n)); return n }
func (s *State) subTorn(d Snapshot) Snapshot { n := s.Load() - d; s.w.Store(uint64(n)); return n }
func (s *State) casTorn(old, new Snapshot) bool {
	if s.Load() != old {
		return false
	}
	s.w.Store(uint64(new))
	return true
}
func (s *State) casBlind(old, new Snapshot) bool { s.w.Store(uint64(new)); return true }

type variable[T any] interface {
	Load() T
	Store(T)
}

func tornAdd[V variable[uint64]](v V, d uint64) uint64 { n := v.Load() + d; v.Store(n); return n }
func tornSub[V variable[uint64]](v V, d uint64) uint64 { n := v.Load() - d; v.Store(n); return n }
func tornSwap[T comparable, V variable[T]](v V, new T) T { old := v.Load(); v.Store(new); return old }
func tornCompareAndSwap[T comparable, V variable[T]](v V, old, new T) bool {
	if v.Load() != old {
		return false
	}
	v.Store(new)
	return true
}
func blindCompareAndSwap[T comparable, V variable[T]](v V, old, new T) bool { v.Store(new); return true }
`

// instrument writes the mutants of functions into the tree, those that compile;
// the others lose their id.
func instrument(tree string, sources []*source, all []*mutant) error {
	if err := os.WriteFile(filepath.Join(tree, "mutant_support.go"), []byte(support), 0o644); err != nil {
		return err
	}
	// The first pass wraps each body as a literal, so that one which can end
	// without its return does not compile. It is not what is run: a recover
	// would be one call too deep.
	for wrapped := true; ; {
		places := map[string][]place{}
		for _, s := range sources {
			text, p := s.instrumented(all, wrapped)
			places[s.name] = p
			if err := os.WriteFile(filepath.Join(tree, s.name), []byte(text), 0o644); err != nil {
				return err
			}
		}
		broken, err := broken(tree, places)
		if err != nil {
			return err
		}
		if len(broken) == 0 {
			if !wrapped {
				return nil
			}
			wrapped = false
		}
		for _, m := range broken {
			m.id = -1
		}
	}
}

// A place is where a mutant stands in an instrumented file.
type place struct {
	from, to int
	m        *mutant
}

func (s *source) instrumented(all []*mutant, wrapped bool) (string, []place) {
	var b strings.Builder
	var places []place
	last := 0
	for _, d := range s.file.Decls {
		decl, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		body := s.offset(decl.Body.Lbrace) + 1
		var f *function
		for _, m := range all {
			if m.fn != nil && m.file == s.name && m.fn.from == body {
				f = m.fn
				break
			}
		}
		if f == nil {
			continue
		}
		b.Write(s.text[last:f.from])
		last = f.from
		b.WriteString("\nswitch mutant {\n")
		for _, m := range f.mutants {
			if m.id < 0 {
				continue
			}
			from := b.Len()
			body := s.apply(f.from, f.to, m.edits)
			switch {
			case f.results == "":
				fmt.Fprintf(&b, "case %d:\n%s\nreturn\n", m.id, body)
			case wrapped:
				fmt.Fprintf(&b, "case %d:\nreturn func() %s {%s\n}()\n", m.id, f.results, body)
			default:
				fmt.Fprintf(&b, "case %d:\n%s\n", m.id, body)
			}
			places = append(places, place{from, b.Len(), m})
		}
		b.WriteString("}\n")
	}
	b.Write(s.text[last:])
	return b.String(), places
}

// broken type-checks the tree, and returns the mutants that do not compile.
func broken(tree string, places map[string][]place) ([]*mutant, error) {
	fset := token.NewFileSet()
	paths, err := filepath.Glob(filepath.Join(tree, "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") || excluded(path) {
			continue
		}
		f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	lookup, err := exports(tree, files)
	if err != nil {
		return nil, err
	}
	found := map[*mutant]bool{}
	var other error
	conf := types.Config{
		Importer: importer.ForCompiler(fset, "gc", lookup),
		Error: func(err error) {
			pos := fset.Position(err.(types.Error).Pos)
			ps := places[filepath.Base(pos.Filename)]
			i := sort.Search(len(ps), func(i int) bool { return ps[i].to > pos.Offset })
			if i < len(ps) && ps[i].from <= pos.Offset {
				found[ps[i].m] = true
			} else if other == nil {
				other = err
			}
		},
	}
	conf.Check("github.com/rouse-go/rouse", fset, files, nil)
	if other != nil && len(found) == 0 {
		return nil, other
	}
	var ms []*mutant
	for m := range found {
		ms = append(ms, m)
	}
	return ms, nil
}

// excluded reports whether a file is not part of the build without tags.
func excluded(path string) bool {
	text, err := os.ReadFile(path)
	return err != nil || strings.Contains(string(text), "//go:build rouse_")
}

// exports returns where the compiled packages are that the files import.
func exports(tree string, files []*ast.File) (func(string) (io.ReadCloser, error), error) {
	args := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}"}
	for _, f := range files {
		for _, i := range f.Imports {
			args = append(args, strings.Trim(i.Path.Value, `"`))
		}
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = tree
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	at := map[string]string{}
	for _, line := range strings.Split(string(out), "\n") {
		path, file, _ := strings.Cut(line, "\t")
		at[path] = file
	}
	return func(path string) (io.ReadCloser, error) { return os.Open(at[path]) }, nil
}
