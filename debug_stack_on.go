//go:build rouse_debug

package rouse

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
)

// A stack is where a handle was born or ended. It is comparable; names are
// looked up when it is printed.
type stack [20]uintptr

func callers() (s stack) {
	runtime.Callers(3, s[:])
	return
}

// frames returns the frames of s, without the kit's own innermost ones.
func (s stack) frames() (frames []runtime.Frame) {
	n := 0
	for n < len(s) && s[n] != 0 {
		n++
	}
	if n == 0 {
		return nil
	}
	for it, more := runtime.CallersFrames(s[:n]), true; more; {
		var f runtime.Frame
		f, more = it.Next()
		inner := strings.HasPrefix(f.Function, pkgPath) && !strings.HasSuffix(f.File, "_test.go")
		if len(frames) > 0 || !inner {
			frames = append(frames, f)
		}
	}
	return frames
}

// pkgPath is how the names of this package's functions begin, under whatever
// import path it lies.
var pkgPath = strings.TrimSuffix(runtime.FuncForPC(reflect.ValueOf(callers).Pointer()).Name(), "callers")

func (s stack) String() string {
	var b strings.Builder
	for _, f := range s.frames() {
		fmt.Fprintf(&b, "\t%s\n\t\t%s:%d\n", f.Function, f.File, f.Line)
	}
	return b.String()
}

// site returns the innermost frame that is not the kit's, but for skip frames.
func (s stack) site(skip int) string {
	if frames := s.frames(); skip < len(frames) {
		f := frames[skip]
		return fmt.Sprintf("%s:%d", f.File, f.Line)
	}
	return ""
}
