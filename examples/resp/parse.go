package resp

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/tidwall/redcon"
)

// A frame is a command that next took off the input.
type frame struct {
	args [][]byte // into the packet; valid until the packet's buffer is reused
	rest []byte   // what follows the command
}

// A scan is how far the headers of an incomplete command have been read. It
// goes on from there when more has come, so that a command costs its length
// once, in however many pieces it comes. It is zero at a command's start.
type scan struct {
	at   int // where the next header begins: before that, no look is worth while; 0: the count is not known yet
	left int // headers from there on
}

// maxInline bounds a command in plain text, and each header line. Redis takes
// eight times as much, but the parser needs the square of a line's words.
const maxInline = 8 << 10

var (
	errInline      = errors.New("too big inline request")
	errCountLine   = errors.New("too big mbulk count string")
	errBulkLine    = errors.New("too big bulk count string")
	errBulkLength  = errors.New("invalid bulk length")
	errMultiLength = errors.New("invalid multibulk length")
	errTile38      = errors.New("expected '*', got '$'")
)

// next takes the next command off packet. args is reused. sc belongs to the
// command that packet begins with. Once its count is there, an incomplete one
// is not parsed again before the headers say that all of it is there, or that
// something is wrong.
func (lim *Limits) next(packet []byte, args [][]byte, sc *scan) (f frame, complete bool, err error) {
	if sc.at > 0 {
		if whole, err := lim.scan(packet, sc); !whole && err == nil {
			return frame{rest: packet}, false, nil
		}
	}
	complete, f.args, f.rest, err = parse(packet, args)
	switch {
	case err != nil:
	case !complete:
		_, err = lim.scan(packet, sc)
	case len(packet)-len(f.rest) > lim.MaxBulk || len(f.args) > lim.MaxArgs:
		err = lim.check(f.args)
	}
	if complete {
		*sc = scan{}
	}
	return f, complete && err == nil, err
}

// check refuses a complete command that scan would have.
func (lim *Limits) check(args [][]byte) error {
	if len(args) > lim.MaxArgs {
		return errMultiLength
	}
	for _, a := range args {
		if len(a) > lim.MaxBulk {
			return errBulkLength
		}
	}
	return nil
}

// readCommand is a variable for the test that counts its calls.
var readCommand = redcon.ReadNextCommand

// parse is redcon.ReadNextCommand for input that anyone may send: v1.6.4
// takes a negative or overflowing bulk length at its word and indexes with it.
func parse(packet []byte, args [][]byte) (complete bool, out [][]byte, rest []byte, err error) {
	defer func() {
		if recover() != nil {
			complete, err = false, errBulkLength
		}
	}()
	complete, out, kind, rest, err := readCommand(packet, args)
	if kind == redcon.Tile38 && len(packet) > 0 {
		return false, nil, packet, errTile38
	}
	return complete, out, rest, err
}

// scan reads on in the headers of a command that was not there in full, to
// refuse an oversized one before it is sent, and to learn how long it is at
// least. After an error it stands where it stood.
func (lim *Limits) scan(p []byte, sc *scan) (whole bool, err error) {
	if len(p) == 0 {
		return false, nil
	}
	if p[0] != '*' {
		return lim.scanInline(p, sc)
	}
	if sc.at == 0 {
		count, end, err := header(p, 0, '*', errCountLine, errMultiLength)
		if err != nil || end == 0 {
			return false, err
		}
		if count > lim.MaxArgs {
			return false, errMultiLength
		}
		sc.at, sc.left = end, count
	}
	for sc.at <= len(p) {
		if p[sc.at-2] != '\r' || p[sc.at-1] != '\n' {
			return false, errBulkLength
		}
		if sc.left == 0 {
			return true, nil
		}
		if sc.at == len(p) {
			return false, nil
		}
		size, end, err := header(p, sc.at, '$', errBulkLine, errBulkLength)
		if err != nil || end == 0 {
			return false, err
		}
		if size > lim.MaxBulk {
			return false, errBulkLength
		}
		if size > lim.MaxRequest-end-2 {
			return false, fmt.Errorf("request longer than %d bytes", lim.MaxRequest)
		}
		sc.at, sc.left = end+size+2, sc.left-1
	}
	return false, nil
}

// scanInline looks for the end of a command in plain text.
func (lim *Limits) scanInline(p []byte, sc *scan) (whole bool, err error) {
	if bytes.IndexByte(p[sc.at:], '\n') >= 0 {
		return true, nil
	}
	if len(p) > maxInline {
		return false, errInline
	}
	sc.at = len(p)
	return false, nil
}

// header reads the line of kind, '*' or '$', and a number that starts at p[at],
// and returns where the next begins, or 0 if the line is incomplete.
func header(p []byte, at int, kind byte, tooLong, invalid error) (n, end int, err error) {
	line := p[at:]
	if line[0] != kind {
		return 0, 0, invalid
	}
	i := bytes.IndexByte(line[:min(len(line), maxInline)], '\n')
	switch {
	case i < 0 && len(line) >= maxInline:
		return 0, 0, tooLong
	case i < 0:
		return 0, 0, nil
	case i < 2 || line[i-1] != '\r':
		return 0, 0, invalid
	}
	n, err = strconv.Atoi(string(line[1 : i-1]))
	if err != nil || n < 0 {
		return 0, 0, invalid
	}
	return n, at + i + 1, nil
}

// protocolError is the reply to input that next refused. redcon's own errors
// say "Protocol error: " already.
func protocolError(out []byte, err error) []byte {
	const prefix = "Protocol error: "
	msg := err.Error()
	if len(msg) < len(prefix) || msg[:len(prefix)] != prefix {
		msg = prefix + msg
	}
	return redcon.AppendError(out, "ERR "+msg)
}
