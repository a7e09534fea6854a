package explore

import (
	"fmt"
	"math/bits"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// tracer collects the rows of a failing schedule's table.
type tracer struct {
	e    *engine
	rows []Step
}

// atEnd is the step number of the checks at rest.
const atEnd = -1

func (e *engine) stepNumber() int {
	if e.final {
		return atEnd
	}
	return e.depth
}

func (e *engine) format(v uint64) string {
	if e.cfg.Format != nil {
		return e.cfg.Format(v)
	}
	return fmt.Sprintf("%#x", v)
}

// show prints a value of the word o, which may be of a type that has its own format.
func (e *engine) show(o *object, v uint64) string {
	if o.format != nil {
		return o.format(v)
	}
	return e.format(v)
}

// formatMask prints a mask that clears a few bits as what it clears.
func (e *engine) formatMask(m uint64) string {
	if bits.OnesCount64(m) > 32 {
		return "^" + e.format(^m)
	}
	return e.format(m)
}

func formatDelta(d uint64) string {
	if s := int64(d); -1e6 < s && s < 1e6 {
		return strconv.FormatInt(s, 10)
	}
	return fmt.Sprintf("%#x", d)
}

func (e *engine) note(t *thread, _ *object, format string, args ...any) {
	if e.trace != nil {
		e.trace.rows = append(e.trace.rows, Step{
			Number: e.stepNumber(), Thread: t.name, Text: fmt.Sprintf(format, args...), Pos: position(),
		})
	}
}

func (e *engine) noteWord(o *object, before, after uint64, format string, args ...any) {
	s := Step{
		Number: e.stepNumber(), Thread: e.cur.name, Text: fmt.Sprintf(format, args...), Pos: position(),
		Before: e.show(o, before),
	}
	if before != after {
		s.After = e.show(o, after)
	}
	e.trace.rows = append(e.trace.rows, s)
}

// position is the first caller outside this package, and outside files called *_explore.go, where
// code under test keeps what it puts between itself and this package.
func position() string {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		own := strings.Contains(f.Function, "/proptest/explore.") && !strings.HasSuffix(f.File, "_test.go")
		if !own && !strings.HasSuffix(f.File, "_explore.go") {
			return fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
		if !more {
			return "?"
		}
	}
}
