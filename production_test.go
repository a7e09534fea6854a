//go:build !js && !wasip1 && !rouse_debug && !rouse_trace && !rouse_explore

package rouse_test

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestProductionCode proves that the debug and the tracing build leave nothing
// behind in a production build: it deletes all that is theirs from the source,
// and compares what the compiler makes of each function.
func TestProductionCode(t *testing.T) {
	shipped := assembly(t, ".")
	bare := assembly(t, bareCopy(t))
	for name, code := range bare {
		switch got, ok := shipped[name]; {
		case !ok:
			t.Errorf("%s is not in the shipped package", name)
		case !slices.Equal(got, code):
			t.Errorf("%s: shipped\n%s\nwithout instrumentation\n%s", name, strings.Join(got, "\n"), strings.Join(code, "\n"))
		}
	}
	if len(bare) < 200 {
		t.Errorf("only %d functions were compared", len(bare))
	}
	for _, hot := range strings.Fields(`
		Notified.Run (*Header).run (*Header).submit (*Header).complete wakeByRef wakeByVal dropWaker
		WakerRef.Clone WakerRef.WakeByRef (*Waker).Clone (*Waker).Wake (*Waker).WakeByRef (*Waker).Drop
		(*State).toRunning (*State).toIdle (*State).toComplete (*State).refDec (*cell).start (*cell).launch
		(*cell).register (*cell).detach (*RunQueue).Push (*RunQueue).Pop (*WakerCell).Register (*WakerCell).Take`) {
		if bare[hot] == nil {
			t.Errorf("%s was not compared", hot)
		}
	}
}

// watchers are the functions that only other builds call.
var watchers = map[string]bool{"tracedWake": true, "watchedClone": true, "watchedDrop": true}

// instrumentation is what the methods are called that do nothing here.
var instrumentation = map[string]bool{
	"check": true, "end": true, "ends": true, "uses": true, "begin": true, "submitted": true, "traceTask": true, "traceForeign": true,
}

// bareCopy writes the package without instrumentation into a module of its own
// and returns where.
func bareCopy(t *testing.T) string {
	dir := t.TempDir()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") || strings.HasSuffix(f, "_on.go") {
			continue
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, f, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		file.Decls = slices.DeleteFunc(file.Decls, func(d ast.Decl) bool {
			f, ok := d.(*ast.FuncDecl)
			return ok && watchers[f.Name.Name]
		})
		ast.Inspect(file, strip)
		var src bytes.Buffer
		if err = format.Node(&src, fset, file); err != nil {
			t.Fatal(err)
		}
		for _, use := range guards(file) {
			t.Errorf("%s: is left of instrumentation; a guard begins with the constant", fset.Position(use))
		}
		write(t, filepath.Join(dir, f), src.Bytes())
	}
	for _, f := range []string{"go.mod", "go.sum"} {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, f), b)
	}
	return dir
}

// guards returns where the constants of the builds are used, but for their own
// declarations.
func guards(file *ast.File) (uses []token.Pos) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			return false
		case *ast.Ident:
			if n.Name == "debugging" || n.Name == "tracing" || n.Name == "watched" {
				uses = append(uses, n.Pos())
			}
		}
		return true
	})
	return uses
}

func write(t *testing.T, file string, b []byte) {
	t.Helper()
	if err := os.WriteFile(file, b, 0o666); err != nil {
		t.Fatal(err)
	}
}

// strip deletes the instrumentation of each list of statements that it sees.
func strip(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BlockStmt:
		n.List = stripped(n.List)
	case *ast.CaseClause:
		n.Body = stripped(n.Body)
	case *ast.CompositeLit:
		n.Elts = slices.DeleteFunc(n.Elts, func(e ast.Expr) bool {
			kv, ok := e.(*ast.KeyValueExpr)
			return ok && (isName(kv.Key, "token") || isName(kv.Key, "borrow") || isName(kv.Key, "spend"))
		})
	}
	return true
}

func stripped(list []ast.Stmt) (kept []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.IfStmt:
			kept = append(kept, strippedIf(s)...)
			continue
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); ok && instruments(call) {
				continue
			}
		case *ast.AssignStmt: // w.token = wakerToken(...)
			if sel, ok := s.Lhs[0].(*ast.SelectorExpr); ok && len(s.Lhs) == 1 && sel.Sel.Name == "token" {
				continue
			}
		}
		kept = append(kept, s)
	}
	return kept
}

func instruments(call *ast.CallExpr) bool {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return instrumentation[f.Name]
	case *ast.SelectorExpr:
		return instrumentation[f.Sel.Name]
	}
	return false
}

// strippedIf decides a condition that starts with a build's constant.
func strippedIf(s *ast.IfStmt) []ast.Stmt {
	cond, decided, holds := decide(s.Cond)
	switch {
	case !decided:
		s.Cond = cond
		return []ast.Stmt{s}
	case holds:
		return s.Body.List
	case s.Else == nil:
		return nil
	}
	switch e := s.Else.(type) {
	case *ast.BlockStmt:
		return stripped(e.List)
	case *ast.IfStmt:
		return strippedIf(e)
	}
	return []ast.Stmt{s.Else}
}

// decide simplifies a condition with debugging, tracing and watched false.
func decide(e ast.Expr) (rest ast.Expr, decided, holds bool) {
	switch e := e.(type) {
	case *ast.Ident:
		return e, isName(e, "debugging") || isName(e, "tracing") || isName(e, "watched"), false
	case *ast.UnaryExpr:
		_, decided, holds = decide(e.X)
		return e, decided && e.Op == token.NOT, !holds
	case *ast.BinaryExpr:
		if e.Op != token.LAND && e.Op != token.LOR {
			break
		}
		x, decided, holds := decide(e.X)
		if !decided {
			e.X = x
			break
		}
		if holds == (e.Op == token.LOR) {
			return e, true, holds
		}
		return decide(e.Y)
	}
	return e, false, false
}

func isName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// goCommand runs it for amd64 and returns what it prints.
func goCommand(t *testing.T, dir string, args ...string) string {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Fatal("this test asks the compiler, and finds no go command: ", err)
	}
	cmd := exec.Command(goTool, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOARCH=amd64", "CGO_ENABLED=0", "GOFLAGS=-mod=mod -buildvcs=false", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, out)
	}
	return string(out)
}

const program = `package main

import (
	"context"

	"github.com/rouse-go/rouse"
)

func main() {
	var q rouse.RunQueue
	var o rouse.OwnedTasks
	s := rouse.ScheduleFunc(func(n rouse.Notified, _ rouse.Reason) { q.Push(n) })
	j := rouse.SpawnWith[int](s, rouse.Ready(1), rouse.Options{Owned: &o, Name: "one"})
	n, _ := q.Pop()
	n.Run()
	j.Join(context.Background())
	w := rouse.NoopWaker()
	w.Wake()
	println(len(o.Dump()), o.Counters().Bound)
}
`

// TestProductionBinary: what only the other builds need is not even linked.
func TestProductionBinary(t *testing.T) {
	dir := t.TempDir()
	main, bin := filepath.Join(dir, "main.go"), filepath.Join(dir, "main")
	write(t, main, []byte(program))
	for tags, want := range map[string]bool{"": false, "rouse_debug": true, "rouse_trace": true} {
		goCommand(t, ".", "build", "-tags="+tags, "-o", bin, main)
		var found []string
		kit := false
		for line := range strings.Lines(goCommand(t, ".", "tool", "nm", bin)) {
			_, symbol, ok := strings.Cut(line, "github.com/rouse-go/rouse.")
			if !ok {
				continue
			}
			kit = true
			if others.MatchString(symbol) {
				found = append(found, strings.TrimSpace(symbol))
			}
		}
		if !kit || (found != nil) != want {
			t.Errorf("built with tags %q: the kit is there: %v; symbols of other builds: %q", tags, kit, found)
		}
	}
}

var others = regexp.MustCompile(`handle|token|borrow|record|stack|birth|live|callers|lastWaker|[tT]race|emit|totals|unbound`)

var (
	textLine = regexp.MustCompile(`^github\.com/rouse-go/rouse\.(\S+) STEXT`)
	codeLine = regexp.MustCompile(`^\t0x[0-9a-f]+ \d+ \([^)]*\)\t(.*)`)
	local    = regexp.MustCompile(`github\.com/rouse-go/rouse\.[^ ,]+?([+-]\d+\((SP|FP)\))`)
)

// assembly returns the instructions of each function of the package in dir, for
// amd64, without what the compiler calls a place on the stack, and without the
// instruction that does nothing.
func assembly(t *testing.T, dir string) map[string][]string {
	functions := map[string][]string{}
	var name string
	for line := range strings.Lines(goCommand(t, dir, "build", "-gcflags=-S", ".")) {
		if m := textLine.FindStringSubmatch(line); m != nil {
			name = m[1]
			continue
		}
		if m := codeLine.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil && name != "" {
			if !strings.HasPrefix(m[1], "PCDATA") && !strings.HasPrefix(m[1], "FUNCDATA") {
				code := local.ReplaceAllString(m[1], "$1")
				if code == "NOP" || code == "XCHGL\tAX, AX" {
					continue // marks where something was inlined
				}
				functions[name] = append(functions[name], code)
			}
		}
	}
	return functions
}

// inlined are the functions that a caller must not pay a call for. Those that
// change the word are one locked instruction, a look at what it returned, and
// a call only if that was unusual.
var inlined = strings.Fields(`
	(*State).Load (*State).Notify (*State).Begin (*State).Yield (*State).Close (*State).Finish
	(*State).Open (*State).Suspend (*State).Resume
	(*State).unsetWaker (*State).pin (*State).toShutdown (*State).dropNotified

	Snapshot.Running Snapshot.Complete Snapshot.Notified Snapshot.JoinInterest Snapshot.JoinWaker
	Snapshot.Cancelled Snapshot.Cause Snapshot.Unowned Snapshot.Pinned Snapshot.Orphanable Snapshot.Suspended Snapshot.Poisoned
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
