package rouse

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

//go:generate go test -run ^TestTransitionsDoc$ -update .

var update = flag.Bool("update", false, "write TRANSITIONS.md and the list of exports anew")

// TestTransitionsDoc fails if TRANSITIONS.md is not what the code does.
func TestTransitionsDoc(t *testing.T) {
	const file = "TRANSITIONS.md"
	want := transitionsDoc()
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is stale: run go generate", file)
	}
}

const docHead = `# The transitions of a task's word

Generated from the code by ` + "`go generate`" + `; a test fails if it is stale.

A transition is one change of the word by one party. The table says for each transition what the word has to be
before, what it is afterwards, and what the caller has to do next. [snapshot.go](snapshot.go) says what each flag
means, and [state.go](state.go) what each transition is for. The flags are written by one letter:

| | | | | | |
|---|---|---|---|---|---|
| C | COMPLETE | J | JOIN_INTEREST | P | PINNED |
| R | RUNNING | W | JOIN_WAKER | O | ORPHANABLE |
| N | NOTIFIED | U | UNOWNED | K | KEEP |
| X | CANCELLED, with its cause in brackets | S | SUSPENDED | D | SUSPENDING |
| refs | the number of wakers | | | | |

- **transition**: (true) means that the caller has taken the task off its owner's list, (false) that it has not; (… seen)
  is what the caller of toJoinHandleDropped saw in the word before.
- **before**: F means that the flag is set, ¬F that it is clear. A flag that is not named may be either. *else* stands
  for every word that no other row of the transition names.
- **after**: F is set afterwards, ¬F is clear; all other flags are as before. *refs+1* and *refs−1* change the number of
  wakers. = means that the word does not change.
- **RMWs**: the atomic read-modify-write operations. A CAS that fails because another party has changed the word is
  tried again, on the new word. An *add* changes the word in any case, and detects misuse in its result.

What the caller has to do next:

| | |
|---|---|
| none | nothing; the transition gives it no right to touch the task |
| poll, cancel | it has the run: it polls the task, or ends it |
| submit | it has the Notified: it hands it to the scheduler. With X(orphaned) nobody could wake the task any more, and the run will cancel it |
| yield | as *submit*, after a run during which the task was woken |
| report | as *submit*, for an orphan that is kept: the scheduler's hook is told first |
| recorded | nothing; whoever has the run or the Notified will see the cancellation |
| complete | the task has ended, and the word was not changed |
| retry | look at the word again: it is not as the caller saw it |
| empty | it keeps the run, and destroys the join waker, since there is no JoinHandle any more |
| release | it owns the memory of the task |
| misuse | panic; the word is poisoned |

Three things are not shown. A poisoned word is never dead, and no transition takes or gives up its run. refInc is a misuse
when the number of wakers reaches its limit. The word of a waker of another kind has C and FOREIGN: a wake of it changes
nothing, and the caller's next step is to call the waker's own functions.

The rows that begin with State are those of a State that stands alone, at level 0. Its word has none of J, W, U, P, O, K
and wakers; no other word has S or D.

| transition | before | after | the caller's next step | RMWs |
|---|---|---|---|---|
`

func transitionsDoc() string {
	var b strings.Builder
	b.WriteString(docHead)
	for _, tr := range documented() {
		name := tr.name
		rows := tr.rows()
		for i, r := range rows {
			before := "*else*"
			if i < len(rows)-1 || len(rows) == 1 {
				before = alternatives(r.before)
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", name, before, r)
			name = ""
		}
	}
	return b.String()
}

// documented returns the transitions under the names that they are read by,
// in the order of a task's life.
func documented() (ts []transition) {
	names := []string{
		"toRunning", "dropNotified", "toIdle", "toComplete", "toTerminal(false)",
		"toTerminal(true)", "toFinished(false)", "toFinished(true)", "toNotifiedByRef", "toNotifiedByVal",
		"toNotifiedAndCancel(aborted)", "toShutdown", "toClosed", "toDisowned", "setJoinWaker", "unsetWaker",
		"unsetWakerAfterComplete", "toJoinerWoken", "toJoinHandleDropped(¬C ¬W seen)", "toJoinHandleDropped(C ¬W seen)",
		"toJoinHandleDropped(C W seen)", "pin", "refInc", "refDec", "State.Notify", "State.TryNotify", "State.Begin",
		"State.End", "State.Yield", "State.Close", "State.Finish", "State.Suspend", "State.Resume", "State.Open",
	}
	seen := map[string]int{}
	args := map[string][]string{
		"toTerminal": {"(false)", "(true)"}, "toFinished": {"(false)", "(true)"}, "toNotifiedAndCancel": {"(aborted)", "(exited)"},
		"toJoinHandleDropped": {"(¬C ¬W seen)", "(C ¬W seen)", "(¬C W seen)", "(C W seen)"},
	}
	for _, tr := range transitions() {
		if tr.pure == nil {
			continue
		}
		if a := args[tr.name]; a != nil {
			n := seen[tr.name]
			seen[tr.name]++
			tr.name += a[n]
		}
		if slices.Contains(names, tr.name) {
			ts = append(ts, tr)
		}
		if verb := map[string]string{"toNotifiedByRef": "State.Notify", "toClosed": "State.Close"}[tr.name]; verb != "" {
			tr.name = verb
			ts = append(ts, tr)
		}
	}
	slices.SortFunc(ts, func(a, b transition) int { return slices.Index(names, a.name) - slices.Index(names, b.name) })
	return ts
}

// A fate is what becomes of a word.
type fate struct {
	p             point
	before, after Snapshot
	act           action
	rmws          int
	add           bool
}

// rows sorts all words by what becomes of them.
func (tr transition) rows() (rows []row) {
	var kinds [][]fate
	unnamed := map[point]bool{}
	for _, p := range allPoints() {
		if tr.excludes(p.word()) {
			unnamed[p] = true
			continue
		}
		f := fate{p: p, before: p.word(), rmws: tr.rule(modelOf(p.word())).claimed().RMWs, add: tr.add}
		if f.after, f.act = tr.pure(f.before); f.act == actSettle {
			f.after, f.act = f.after.settle()
		}
		at := slices.IndexFunc(kinds, func(k []fate) bool {
			return k[0].act == f.act && k[0].rmws == f.rmws && k[0].refs() == f.refs()
		})
		if at < 0 {
			at, kinds = len(kinds), append(kinds, nil)
		}
		kinds[at] = append(kinds[at], f)
	}
	for _, k := range kinds {
		rows = append(rows, rowsOf(k, 0, unnamed)...)
	}
	// The one that is hardest to describe is the rest.
	slices.SortStableFunc(rows, func(a, b row) int { return len(a.before) - len(b.before) })
	return rows
}

// excludes reports whether the rows of tr are not about a word.
func (tr transition) excludes(s Snapshot) bool {
	const tasks = flagJoinInterest | flagJoinWaker | flagUnowned | flagPinned | flagOrphanable | flagKeep
	ending := s.Cancelled() && !s.Complete()
	switch {
	case !strings.HasPrefix(tr.name, "State."):
		return s.Suspended()
	case s.has(tasks) || s.Refs() != 0 || ending && (s.Idle() || s.Suspended()):
		return true
	}
	return s.has(flagSuspending) && !s.only(flagNotified, flagNotified|flagComplete|flagRunning|flagSuspended)
}

func (f fate) refs() int64 { return f.after.Refs() - f.before.Refs() }

// A row is a class of words that change alike: flags are set and cleared in
// all of them, which is no change where they are so already.
type row struct {
	fate
	before       []cube
	set, cleared Snapshot
	cause        Cause
}

// rowsOf makes one row of fs if they change alike, or else more, by the value
// of the first flag that helps. What they say of unnamed words does not matter.
func rowsOf(fs []fate, flag int, unnamed map[point]bool) []row {
	r := row{fate: fs[0]}
	for _, f := range fs {
		r.set |= f.after &^ f.before & docFlags
		r.cleared |= f.before &^ f.after & docFlags
		if f.after.Cancelled() && !f.before.Cancelled() {
			r.cause = f.after.Cause()
		}
	}
	if !slices.ContainsFunc(fs, func(f fate) bool { return (f.before|r.set)&^r.cleared&docFlags != f.after&docFlags }) {
		points := map[point]bool{}
		for _, f := range fs {
			points[f.p] = true
		}
		r.before = cover(points, unnamed)
		return []row{r}
	}
	var sides [2][]fate
	for _, f := range fs {
		sides[f.p[flag]] = append(sides[f.p[flag]], f)
	}
	var rows []row
	for _, side := range sides {
		if len(side) > 0 {
			rows = append(rows, rowsOf(side, flag+1, unnamed)...)
		}
	}
	return rows
}

const docFlags = (refOne - 1) &^ causeMask

func (r row) String() string {
	after := ""
	for i, f := range pointFlags {
		if r.set.has(f) {
			after += " " + pointNames[i]
			if f == flagCancelled {
				after += "(" + r.cause.String() + ")"
			}
		}
		if r.cleared.has(f) {
			after += " ¬" + pointNames[i]
		}
	}
	if n := r.refs(); n != 0 {
		after += " " + map[int64]string{1: "refs+1", -1: "refs−1"}[n]
	}
	if after == "" {
		after = "="
	}
	rmws := map[bool][]string{false: {"0", "CAS", "CAS, CAS"}, true: {"", "add", "add, CAS"}}[r.add][r.rmws]
	if r.rmws == 2 && r.act == actCancel {
		rmws = "add, add" // toIdle goes on to toRunning
	}
	if r.act == actMisuse {
		after, rmws = "", ""
	}
	return fmt.Sprintf("%s | %v | %s", strings.TrimSpace(after), r.act, rmws)
}

// Words described by the flags that matter: a little two-level minimisation,
// for TRANSITIONS.md.

// A point is a word: the values of pointFlags, and then its wakers, 0, 1 or 2,
// which stands for more.
type point [len(pointFlags) + 1]uint8

var (
	pointFlags = [...]Snapshot{flagComplete, flagRunning, flagNotified, flagCancelled, flagJoinInterest, flagJoinWaker,
		flagUnowned, flagPinned, flagOrphanable, flagKeep, flagSuspended, flagSuspending}
	pointNames = [...]string{"C", "R", "N", "X", "J", "W", "U", "P", "O", "K", "S", "D"}
)

func allPoints() (points []point) {
	for i := range 3 << len(pointFlags) {
		var p point
		for b := range pointFlags {
			p[b] = uint8(i >> b & 1)
		}
		p[len(pointFlags)] = uint8(i >> len(pointFlags))
		points = append(points, p)
	}
	return
}

func (p point) word() (s Snapshot) {
	for i, f := range pointFlags {
		if p[i] != 0 {
			s |= f
		}
	}
	if s.Cancelled() {
		s |= Snapshot(CauseExited) << causeShift
	}
	return s | Snapshot(p[len(pointFlags)])*refOne
}

// A cube is a set of values for each coordinate.
type cube [len(point{})]uint8

// cover describes a set of points by cubes, no larger and as few as comes easily.
// They may cover points in free.
func cover(points, free map[point]bool) (cubes []cube) {
	covered := map[point]bool{}
	for _, p := range allPoints() {
		if points[p] && !covered[p] {
			c := widest(p, points, free)
			cubes = append(cubes, c)
			c.each(func(p point) bool { covered[p] = true; return true })
		}
	}
	return cubes
}

// widest returns the cube about p within points and free that names the fewest
// coordinates, of those that are found by widening them in turn.
func widest(p point, points, free map[point]bool) (best cube) {
	for first := range p {
		var c cube
		for i, v := range p {
			c[i] = 1 << v
		}
		for i := range p {
			at := (first + len(p) - i) % len(p)
			wider := []uint8{3}
			if at == len(pointFlags) {
				wider = []uint8{7, 6, 3}
			}
			for _, w := range wider {
				d := c
				d[at] |= w
				if d[at] == w && d.each(func(p point) bool { return points[p] || free[p] }) {
					c = d
					break
				}
			}
		}
		if c.size() > best.size() {
			best = c
		}
	}
	return best
}

func (c cube) size() int {
	n := 0
	c.each(func(point) bool { n++; return true })
	return n
}

// each calls f with every point of c until it reports false, and reports
// whether it never did.
func (c cube) each(f func(point) bool) bool {
	var p point
	var from func(i int) bool
	from = func(i int) bool {
		if i == len(c) {
			return f(p)
		}
		for v := uint8(0); v < 3; v++ {
			if c[i]>>v&1 != 0 {
				if p[i] = v; !from(i + 1) {
					return false
				}
			}
		}
		return true
	}
	return c != cube{} && from(0)
}

func (c cube) String() string {
	var words []string
	for i, name := range pointNames {
		switch c[i] {
		case 1:
			words = append(words, "¬"+name)
		case 2:
			words = append(words, name)
		}
	}
	if name := [...]string{1: "refs=0", 2: "refs=1", 3: "refs≤1", 4: "refs≥2", 6: "refs≥1", 7: ""}[c[len(pointNames)]]; name != "" {
		words = append(words, name)
	}
	if len(words) == 0 {
		return "any"
	}
	return strings.Join(words, " ")
}

func alternatives(cubes []cube) string {
	var words []string
	for _, c := range cubes {
		words = append(words, c.String())
	}
	return strings.Join(words, " or ")
}
