package resp

import (
	"bytes"
	"strconv"
)

// splitLine appends the words of a command in plain text to args, by Redis's
// rules: a word in "double quotes" knows the escapes \n \r \t \b \a \xHH, one
// in 'single quotes' only \'. A closing quote ends the word. It reports false
// if the quotes are not balanced. Its cost is the length of the line: where
// it is the square, as in redcon's parser, one client holds up all of the loop.
func splitLine(line []byte, args [][]byte) ([][]byte, bool) {
	buf := make([]byte, 0, len(line)) // holds all words, so it does not move
	for {
		if line = bytes.TrimLeft(line, blanks); len(line) == 0 {
			return args, true
		}
		start, ok := len(buf), false
		if buf, line, ok = appendWord(buf, line); !ok {
			return args, false
		}
		args = append(args, buf[start:len(buf):len(buf)])
	}
}

const blanks = " \t\n\v\f\r\x00"

func blank(c byte) bool { return bytes.IndexByte([]byte(blanks), c) >= 0 }

// appendWord appends the word that line begins with.
func appendWord(buf, line []byte) (_, rest []byte, ok bool) {
	var quote byte // the one that is open
	for len(line) > 0 {
		c := line[0]
		switch {
		case quote == 0 && blank(c):
			return buf, line, true
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote != 0 && c == quote:
			rest = line[1:]
			return buf, rest, len(rest) == 0 || blank(rest[0])
		case quote != 0 && c == '\\':
			b, n := unescape(line, quote)
			buf = append(buf, b)
			line = line[n:]
			continue
		default:
			buf = append(buf, c)
		}
		line = line[1:]
	}
	return buf, nil, quote == 0
}

// unescape reads the escape that line, in quotes, begins with, and returns its
// length.
func unescape(line []byte, quote byte) (b byte, n int) {
	if len(line) < 2 || quote == '\'' && line[1] != '\'' {
		return '\\', 1
	}
	switch c := line[1]; c {
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'b':
		return '\b', 2
	case 'a':
		return '\a', 2
	case 'x':
		if len(line) >= 4 {
			if v, err := strconv.ParseUint(string(line[2:4]), 16, 8); err == nil {
				return byte(v), 4
			}
		}
		return c, 2
	default:
		return c, 2
	}
}
