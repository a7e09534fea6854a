package resp

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

var tight = Limits{MaxBulk: 8, MaxArgs: 3, MaxRequest: 40, OutSoft: 1, OutHard: 1}

func TestNext(t *testing.T) {
	for _, tt := range []struct {
		in   string
		args []string // nil: incomplete
		rest string
		err  string
	}{
		{in: "*1\r\n$4\r\nPING\r\nmore", args: []string{"PING"}, rest: "more"},
		{in: "*2\r\n$3\r\nGET\r\n$0\r\n\r\n", args: []string{"GET", ""}},
		{in: "GET a\r\n", args: []string{"GET", "a"}},
		{in: ""},
		{in: "*"},
		{in: "*2\r\n$3\r\nGE"},
		{in: "*2\r\n$3\r\nGET\r\n$"},
		{in: "PIN"},
		{in: "*-1\r\n", err: "invalid multibulk length"},
		{in: "*x\r\n", err: "invalid multibulk length"},
		{in: "*1\n", err: "invalid multibulk length"},
		{in: "*4\r\n$1\r\na\r\n", err: "invalid multibulk length"},
		{in: "*4\r\n$1\r\na\r\n$1\r\na\r\n$1\r\na\r\n$1\r\na\r\n", err: "invalid multibulk length"},
		{in: "*99999999999999999999\r\n", err: "invalid multibulk length"},
		{in: "*1\r\n+4\r\n", err: "expected '$', got '+'"},
		{in: "*1\r\n$-1\r\n", err: "invalid bulk length"},
		{in: "*1\r\n$-2\r\n", err: "invalid bulk length"},
		{in: "*1\r\n$-9223372036854775808\r\n", err: "invalid bulk length"},
		{in: "*1\r\n$9223372036854775807\r\n", err: "invalid bulk length"},
		{in: "*1\r\n$x\r\n", err: "invalid bulk length"},
		{in: "*1\r\n$9\r\n", err: "invalid bulk length"},
		{in: "*1\r\n$9\r\n123456789\r\n", err: "invalid bulk length"},
		{in: "*1\r\n$1\r\nabc", err: "invalid bulk length"},
		{in: "*3\r\n$8\r\n12345678\r\n$8\r\n12345678\r\n$8\r\n", err: "request longer than 40 bytes"},
		{in: "$4\r\nPING\r\n", args: []string{"$4"}, rest: "PING\r\n"},
		{in: "*2\r\n$3\r\nGET\r\n$01\r\na\r\n", err: "invalid bulk length"},
		{in: "*01\r\n$4\r\nPING\r\n", err: "invalid multibulk length"},
		{in: "*+1\r\n$4\r\nPING\r\n", err: "invalid multibulk length"},
		{in: "*1\r\n$ 4\r\nPING\r\n", err: "invalid bulk length"},
		{in: "*\r\n", err: "invalid multibulk length"},
		{in: "a b c d\r\n", err: "invalid multibulk length"},
		{in: "GET 123456789\r\n", err: "invalid bulk length"},
		{in: "\r\n", args: []string{}},
		{in: "GET \"a\r\n", err: "unbalanced quotes in request"},
		{in: strings.Repeat("x", maxInline+1), err: "too big inline request"},
		{in: strings.Repeat(" ", maxInline+1) + "\r\n", err: "too big inline request"},
		{in: strings.Repeat(" ", maxInline-1) + "\r\nrest", args: []string{}, rest: "rest"},
		{in: "*" + strings.Repeat("1", maxInline+1), err: "too big mbulk count string"},
		{in: "*1\r\n$" + strings.Repeat("1", maxInline+1), err: "too big bulk count string"},
	} {
		f, complete, err := tight.next([]byte(tt.in), nil, new(scan))
		switch {
		case tt.err != "":
			if err == nil || err.Error() != tt.err {
				t.Errorf("%.60q: error %v, want %s", tt.in, err, tt.err)
			}
			continue
		case err != nil:
			t.Errorf("%.60q: error %v", tt.in, err)
			continue
		case complete != (tt.args != nil):
			t.Errorf("%.60q: complete is %v", tt.in, complete)
			continue
		case !complete:
			continue
		}
		var args []string
		for _, a := range f.args {
			args = append(args, string(a))
		}
		if !slices.Equal(args, tt.args) || string(f.rest) != tt.rest {
			t.Errorf("%.60q: %q and rest %q, want %q and %q", tt.in, args, f.rest, tt.args, tt.rest)
		}
	}
}

// What next finds out about an incomplete command holds: at no length short of
// where the next header begins is there a command. And one that comes in pieces
// is what it is at once.
func FuzzNext(f *testing.F) {
	for _, seed := range []string{"*2\r\n$3\r\nGET\r\n$1\r\na\r\n", "*1\r\n$-2\r\n", "PING\r\n", "*3\r\n$0\r\n\r\n$9\r\n", "$3\r\n",
		"*1\r\n:1", "*2\r\n$1\r\naxx$1\r\n", "*1\r\n$+1\r\na\r\n", "*0\r\nPING\r\n", "*1\n", "*1\r\n$1\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var pieces scan
		for n := range len(in) + 1 {
			need := pieces.at
			var whole scan
			fr, complete, err := tight.next(in[:n], nil, &whole)
			fr2, complete2, err2 := tight.next(in[:n], nil, &pieces)
			if complete != complete2 || fmt.Sprint(err) != fmt.Sprint(err2) || len(fr.rest) != len(fr2.rest) || !slices.EqualFunc(fr.args, fr2.args, bytes.Equal) {
				t.Fatalf("%q: %q, %v, %v at once, %q, %v, %v in pieces", in[:n], fr.args, complete, err, fr2.args, complete2, err2)
			}
			if complete && n < need {
				t.Fatalf("%q is complete at %d bytes, and was said to need %d", in, n, need)
			}
			if err != nil {
				return
			}
			if complete {
				if all, ok, err := tight.next(in, nil, new(scan)); err != nil || !ok || !bytes.Equal(all.rest, in[n-len(fr.rest):]) {
					t.Fatalf("%q: a command of %d bytes, and another one of the whole (%v, %v)", in, n, ok, err)
				}
				return
			}
			if n > 0 && pieces != whole {
				t.Fatalf("%q: %+v at once, %+v in pieces", in[:n], whole, pieces)
			}
		}
	})
}
