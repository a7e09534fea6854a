package resp

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/tidwall/redcon"
)

// A frame is what one look at the input found.
type frame struct {
	args [][]byte // of the command, into the packet; valid until the packet's buffer is reused
	rest []byte   // what follows the command
	need int      // of an incomplete command: no look is worth while before the input is this long
}

// maxInline bounds a command in plain text, and each header line, as Redis does.
const maxInline = 64 << 10

var (
	errInline      = errors.New("too big inline request")
	errCountLine   = errors.New("too big mbulk count string")
	errBulkLine    = errors.New("too big bulk count string")
	errBulkLength  = errors.New("invalid bulk length")
	errMultiLength = errors.New("invalid multibulk length")
	errTile38      = errors.New("expected '*', got '$'")
)

// next takes the next command off packet. args is reused. A frame without
// args and with rest as long as packet is an incomplete command.
func (lim *Limits) next(packet []byte, args [][]byte) (f frame, complete bool, err error) {
	complete, f.args, f.rest, err = parse(packet, args)
	switch {
	case err != nil:
	case !complete:
		f.need, err = lim.incomplete(packet)
	case len(packet)-len(f.rest) > lim.MaxBulk || len(f.args) > lim.MaxArgs:
		err = lim.check(f.args)
	}
	return f, complete && err == nil, err
}

// check refuses a complete command that incomplete would have.
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

// parse is redcon.ReadNextCommand for input that anyone may send: v1.6.4
// takes a negative or overflowing bulk length at its word and indexes with it.
func parse(packet []byte, args [][]byte) (complete bool, out [][]byte, rest []byte, err error) {
	defer func() {
		if recover() != nil {
			complete, err = false, errBulkLength
		}
	}()
	complete, out, kind, rest, err := redcon.ReadNextCommand(packet, args)
	if kind == redcon.Tile38 && len(packet) > 0 {
		return false, nil, packet, errTile38
	}
	return complete, out, rest, err
}

// incomplete reads the headers of a command that is not there in full, to
// refuse an oversized one before it is sent, and to learn how long it is at
// least: parsing it again before then would make slow senders expensive.
func (lim *Limits) incomplete(p []byte) (need int, err error) {
	if len(p) == 0 {
		return 1, nil
	}
	if p[0] != '*' {
		if len(p) > maxInline {
			return 0, errInline
		}
		return len(p) + 1, nil
	}
	count, at, err := header(p, 0, errCountLine, errMultiLength)
	if err != nil || at == 0 {
		return len(p) + 1, err
	}
	if count > lim.MaxArgs {
		return 0, errMultiLength
	}
	for range count {
		if at >= len(p) {
			break
		}
		size, end, err := header(p, at, errBulkLine, errBulkLength)
		if err != nil || end == 0 {
			return len(p) + 1, err
		}
		if size > lim.MaxBulk {
			return 0, errBulkLength
		}
		if at = end + size + 2; at > lim.MaxRequest {
			return 0, fmt.Errorf("request longer than %d bytes", lim.MaxRequest)
		}
	}
	return max(at, len(p)+1), nil
}

// header reads the line of '*' or '$' and a number that starts at p[at], and
// returns where the next begins, or 0 if the line is incomplete.
func header(p []byte, at int, tooLong, invalid error) (n, end int, err error) {
	line := p[at:]
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
