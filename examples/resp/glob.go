package resp

// glob reports whether s fits the pattern, by Redis's rules: ? one byte, * any
// number, [a-c] and [^a-c] a class, \ takes the next byte as it is. Its cost is
// at most the product of the lengths: only the last * is ever tried again.
func glob(p []byte, s string) bool {
	star, mark := -1, 0 // the last * in p, and where in s it ended
	i, j := 0, 0
	for j < len(s) {
		if i < len(p) && p[i] == '*' {
			star, mark = i, j
			i++
			continue
		}
		if i < len(p) {
			if ok, n := globByte(p[i:], s[j]); ok {
				i += n
				j++
				continue
			}
		}
		if star < 0 {
			return false
		}
		mark++
		i, j = star+1, mark
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}

// globByte matches one byte against the element that p starts with, and
// returns the element's length.
func globByte(p []byte, c byte) (ok bool, n int) {
	switch {
	case p[0] == '?':
		return true, 1
	case p[0] == '\\' && len(p) > 1:
		return p[1] == c, 2
	case p[0] == '[':
		return globClass(p, c)
	}
	return p[0] == c, 1
}

func globClass(p []byte, c byte) (ok bool, n int) {
	i := 1
	not := i < len(p) && p[i] == '^'
	if not {
		i++
	}
	for ; i < len(p) && p[i] != ']'; i++ {
		switch {
		case p[i] == '\\' && i+1 < len(p):
			i++
			ok = ok || p[i] == c
		case i+2 < len(p) && p[i+1] == '-':
			lo, hi := p[i], p[i+2]
			if lo > hi {
				lo, hi = hi, lo
			}
			ok = ok || lo <= c && c <= hi
			i += 2
		default:
			ok = ok || p[i] == c
		}
	}
	return ok != not, min(i+1, len(p))
}
