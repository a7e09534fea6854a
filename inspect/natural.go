package inspect

import (
	"cmp"
	"strings"
)

// natural compares strings as people do, numbers by their values: task2 comes
// before task10. Strings that differ in leading zeros only are in the order of
// cmp.Compare.
func natural(a, b string) int {
	for x, y := a, b; ; {
		textX, numberX, restX := cutNumber(x)
		textY, numberY, restY := cutNumber(y)
		if textX != textY || numberX == "" || numberY == "" {
			// One of them may end, or go on with a digit, where the other does not.
			if c := cmp.Compare(x, y); c != 0 {
				return c
			}
			return cmp.Compare(a, b)
		}
		if c := compareDigits(numberX, numberY); c != 0 {
			return c
		}
		x, y = restX, restY
	}
}

// cutNumber returns what comes before the first digit of s, the digits from
// there on, and the rest.
func cutNumber(s string) (text, number, rest string) {
	i := strings.IndexAny(s, "0123456789")
	if i < 0 {
		return s, "", ""
	}
	end := i
	for end < len(s) && '0' <= s[end] && s[end] <= '9' {
		end++
	}
	return s[:i], s[i:end], s[end:]
}

// compareDigits compares numbers of any length.
func compareDigits(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if c := cmp.Compare(len(a), len(b)); c != 0 {
		return c
	}
	return cmp.Compare(a, b)
}
