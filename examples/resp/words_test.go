package resp

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

func TestSplitLine(t *testing.T) {
	for _, tt := range []struct {
		line string
		want []string // nil: refused
	}{
		{"", []string{}},
		{" \t\r", []string{}},
		{"PING", []string{"PING"}},
		{"  GET   a\tb \r", []string{"GET", "a", "b"}},
		{`SET "a b" 'c d'`, []string{"SET", "a b", "c d"}},
		{`ECHO ""`, []string{"ECHO", ""}},
		{`ECHO "\n\r\t\b\a\\\"\x41\xzz\q"`, []string{"ECHO", "\n\r\t\b\a\\\"Axzzq"}},
		{`ECHO 'it\'s \n'`, []string{"ECHO", `it's \n`}},
		{`a"b c"`, []string{"ab c"}},
		{`a\n`, []string{`a\n`}},
		{`"a"b`, nil},
		{`"a""b"`, nil},
		{`"a`, nil},
		{`'a`, nil},
		{`"a\`, nil},
		{`a"`, nil},
	} {
		args, ok := splitLine([]byte(tt.line), nil)
		got := []string{}
		for _, a := range args {
			got = append(got, string(a))
		}
		if ok != (tt.want != nil) || ok && !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q, %v; want %q", tt.line, got, ok, tt.want)
		}
	}
}

// All words of a line share one buffer: the cost is the line's length.
func TestSplitLineIsLinear(t *testing.T) {
	line := []byte(strings.Repeat(`"a\n" b `, 1000))
	args, ok := splitLine(line, nil)
	if !ok || len(args) != 2000 {
		t.Fatal(len(args), ok)
	}
	for i := 1; i < len(args); i++ {
		if unsafe.SliceData(args[i]) != (*byte)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(args[i-1])), len(args[i-1]))) {
			t.Fatal(fmt.Sprint("word ", i, " is not behind the one before it"))
		}
	}
	if n := testing.AllocsPerRun(10, func() { splitLine(line, args[:0]) }); n != 1 {
		t.Errorf("%v allocations for a line, want 1", n)
	}
}
