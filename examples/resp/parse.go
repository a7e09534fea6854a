package resp

import (
	"bytes"
	"errors"
	"fmt"
	"math"

	"github.com/tidwall/redcon"
)

// A frame is a command that next took off the input.
type frame struct {
	args [][]byte // valid until the packet's buffer is reused
	rest []byte   // what follows the command
}

// A scan is how far an incomplete command has been read. The next look goes on
// from there, so that a command costs its length once, in however many pieces
// it comes. It is zero at a command's start.
type scan struct {
	at   int // where the next header begins: before that, no look is worth while; 0: the count is not known yet
	left int // headers from there on
}

const (
	maxInline = 8 << 10 // bytes of a command in plain text, which is for people: an eighth of what Redis takes
	maxHeader = 32      // bytes of a header's number, which has 19 digits at most
)

var (
	errInline      = errors.New("too big inline request")
	errQuotes      = errors.New("unbalanced quotes in request")
	errCountLine   = errors.New("too big mbulk count string")
	errBulkLine    = errors.New("too big bulk count string")
	errBulkLength  = errors.New("invalid bulk length")
	errMultiLength = errors.New("invalid multibulk length")
)

// next takes the next command off packet. args is reused. sc belongs to the
// command that packet begins with. What is accepted does not depend on the
// pieces that the command comes in.
func (lim *Limits) next(packet []byte, args [][]byte, sc *scan) (f frame, complete bool, err error) {
	f.rest = packet
	args = args[:0]
	switch {
	case len(packet) == 0:
		return f, false, nil
	case packet[0] != '*':
		f.args, f.rest, complete, err = lim.inline(packet, args, sc)
		return f, complete, err
	}
	resumed := sc.at > 0
	args, complete, err = lim.walk(packet, args, sc)
	if complete && resumed {
		// The input may have moved since the first arguments were passed.
		*sc = scan{}
		args, complete, err = lim.walk(packet, args[:0], sc)
	}
	if complete {
		f.args, f.rest = args, packet[sc.at:]
		*sc = scan{}
	}
	return f, complete, err
}

// walk reads headers from where sc stands, and appends the arguments that it
// passes. It refuses an oversized command before all of it is sent. After an
// error sc stands where it stood.
func (lim *Limits) walk(p []byte, args [][]byte, sc *scan) (_ [][]byte, whole bool, err error) {
	if sc.at == 0 {
		count, end, err := header(p, 0, errCountLine, errMultiLength)
		if err != nil || end == 0 {
			return args, false, err
		}
		if count > lim.MaxArgs {
			return args, false, errMultiLength
		}
		sc.at, sc.left = end, count
	}
	for sc.at <= len(p) {
		if p[sc.at-2] != '\r' || p[sc.at-1] != '\n' {
			return args, false, errBulkLength
		}
		if sc.left == 0 {
			return args, true, nil
		}
		if sc.at == len(p) {
			break
		}
		if p[sc.at] != '$' {
			return args, false, fmt.Errorf("expected '$', got '%c'", p[sc.at])
		}
		size, end, err := header(p, sc.at, errBulkLine, errBulkLength)
		if err != nil || end == 0 {
			return args, false, err
		}
		if size > lim.MaxBulk {
			return args, false, errBulkLength
		}
		if size > lim.MaxRequest-end-2 {
			return args, false, fmt.Errorf("request longer than %d bytes", lim.MaxRequest)
		}
		if end+size <= len(p) {
			args = append(args, p[end:end+size])
		}
		sc.at, sc.left = end+size+2, sc.left-1
	}
	return args, false, nil
}

// header reads the number of the header that starts at p[at], after its kind,
// and returns where the line ends, or 0 if it is incomplete. The number is
// strict, as in Redis: no sign, no leading zeros.
func header(p []byte, at int, tooLong, invalid error) (n, end int, err error) {
	first := at + 1
	i := first
	for ; i < len(p) && '0' <= p[i] && p[i] <= '9'; i++ {
		if i-first == maxHeader {
			return 0, 0, tooLong
		}
		if n > (math.MaxInt-9)/10 {
			n = math.MaxInt // more than any limit, and not the number
			continue
		}
		n = n*10 + int(p[i]-'0')
	}
	switch {
	case i-first > 1 && p[first] == '0':
		return 0, 0, invalid
	case i == len(p):
		return 0, 0, nil
	case i == first || p[i] != '\r' || n == math.MaxInt:
		return 0, 0, invalid
	case i+1 == len(p):
		return 0, 0, nil
	case p[i+1] != '\n':
		return 0, 0, invalid
	}
	return n, i + 2, nil
}

// inline reads a command in plain text, which ends with its line. A line that
// is too long is refused also if all of it is there.
func (lim *Limits) inline(p []byte, args [][]byte, sc *scan) (_ [][]byte, rest []byte, complete bool, err error) {
	i := bytes.IndexByte(p[sc.at:min(len(p), maxInline+1)], '\n')
	switch {
	case i < 0 && len(p) > maxInline:
		return args, p, false, errInline
	case i < 0:
		sc.at = len(p)
		return args, p, false, nil
	}
	end := sc.at + i
	*sc = scan{}
	args, ok := splitLine(p[:end], args)
	if !ok {
		return args, p, false, errQuotes
	}
	if len(args) > lim.MaxArgs {
		return args, p, false, errMultiLength
	}
	for _, a := range args {
		if len(a) > lim.MaxBulk {
			return args, p, false, errBulkLength
		}
	}
	return args, p[end+1:], true, nil
}

// protocolError is the reply to input that next refused.
func protocolError(out []byte, err error) []byte {
	return redcon.AppendError(out, "ERR Protocol error: "+err.Error())
}
