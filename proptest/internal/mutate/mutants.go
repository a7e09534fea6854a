package main

import (
	"crypto/sha256"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
)

// An edit replaces the text between two offsets of a file.
type edit struct {
	from, to int
	text     string
}

// A mutant is one way to change a function, or a declaration of the package.
type mutant struct {
	id     int    // in the instrumented tree; 0 is the original
	name   string // file, function, operator, what it replaces, and which of these
	file   string
	source *source
	fn     *function // nil: of a declaration, which is compiled by itself
	edits  []edit
	build  string // the build tag without which the code is not compiled, or ""
	hash   string // of the function
	torn   bool   // an operation is not atomic any more: only interleavings tell
}

// A function has a body whose variants become cases of a switch.
type function struct {
	name     string
	from, to int    // of the body, within its braces
	results  string // as they are declared
	mutants  []*mutant
}

// A source is a parsed file.
type source struct {
	name string
	text []byte
	fset *token.FileSet
	file *ast.File
}

func (s *source) offset(p token.Pos) int { return s.fset.Position(p).Offset }

func (s *source) of(n ast.Node) string { return string(s.text[s.offset(n.Pos()):s.offset(n.End())]) }

// generate finds the mutants of all targets, in order, and instruments the
// tree with them.
func generate(tree string) ([]*mutant, error) {
	var all []*mutant
	var sources []*source
	for _, pattern := range targets {
		paths, err := filepath.Glob(filepath.Join(tree, pattern))
		if err != nil {
			return nil, err
		}
		if len(paths) == 0 {
			return nil, fmt.Errorf("there is no %s", pattern)
		}
		sort.Strings(paths)
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			s := &source{name: filepath.Base(path), fset: token.NewFileSet()}
			if s.text, err = os.ReadFile(path); err != nil {
				return nil, err
			}
			if s.file, err = parser.ParseFile(s.fset, path, s.text, parser.ParseComments); err != nil {
				return nil, err
			}
			sources = append(sources, s)
			all = append(all, s.mutants()...)
		}
	}
	for i, m := range all {
		m.id = i + 1
	}
	if err := strangers(tree); err != nil {
		return nil, err
	}
	return all, instrument(tree, sources, all)
}

// strangers are files of which nobody has said whether they are mutated.
func strangers(tree string) error {
	paths, err := filepath.Glob(filepath.Join(tree, "*.go"))
	for _, path := range paths {
		name := filepath.Base(path)
		known := strings.HasSuffix(name, "_test.go")
		for _, pattern := range slices.Concat(targets, others) {
			is, _ := filepath.Match(pattern, name)
			known = known || is
		}
		if !known {
			return fmt.Errorf("%s is neither among the files that are mutated nor among the others", name)
		}
	}
	return err
}

// mutants are those of one file.
func (s *source) mutants() (all []*mutant) {
	for _, d := range s.file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			f := &function{
				name: functionName(d),
				from: s.offset(d.Body.Lbrace) + 1, to: s.offset(d.Body.Rbrace),
			}
			if d.Type.Results != nil {
				f.results = s.of(d.Type.Results)
			}
			f.mutants = s.find(d.Body, f)
			all = append(all, f.mutants...)
		case *ast.GenDecl:
			if d.Tok == token.CONST || d.Tok == token.VAR {
				all = append(all, s.find(d, nil)...)
			}
		}
	}
	return all
}

func functionName(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return d.Name.Name
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		default:
			return t.(*ast.Ident).Name + "." + d.Name.Name
		}
	}
}

// find applies the operators to all that is in n.
func (s *source) find(n ast.Node, f *function) (found []*mutant) {
	where := s.name
	if f != nil {
		where += " " + f.name
	} else { // what is declared first
		where += " " + n.(*ast.GenDecl).Specs[0].(*ast.ValueSpec).Names[0].Name
	}
	hash := fmt.Sprintf("%x", sha256.Sum256(s.text[s.offset(n.Pos()):s.offset(n.End())]))[:12]
	seen := map[string]int{}
	texts := map[string]bool{}
	add := func(op, old, build string, edits ...edit) {
		body := s.apply(s.offset(n.Pos()), s.offset(n.End()), edits)
		if texts[body] {
			return
		}
		texts[body] = true
		name := fmt.Sprintf("%s: %s: %s", where, op, strings.Join(strings.Fields(old), " "))
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s #%d", name, seen[name])
		}
		if f != nil && !parses(body) {
			return
		}
		found = append(found, &mutant{name: name, file: s.name, source: s, fn: f, edits: edits, build: build, hash: hash, torn: tears[op]})
	}
	v := &visitor{source: s, add: add, inFunction: f != nil}
	v.walk(n)
	return found
}

// parses reports whether a function body, with its braces, is one.
func parses(body string) bool {
	_, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc _() "+body, parser.SkipObjectResolution)
	return err == nil
}

// apply returns the text between two offsets with the edits made.
func (s *source) apply(from, to int, edits []edit) string {
	sort.Slice(edits, func(i, j int) bool { return edits[i].from < edits[j].from })
	var b strings.Builder
	for _, e := range edits {
		b.Write(s.text[from:e.from])
		b.WriteString(e.text)
		from = e.to
	}
	b.Write(s.text[from:to])
	return b.String()
}
