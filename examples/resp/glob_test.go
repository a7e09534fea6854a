package resp

import (
	"strings"
	"testing"
)

func TestGlob(t *testing.T) {
	for _, tt := range []struct {
		pattern, s string
		want       bool
	}{
		{"", "", true}, {"", "a", false}, {"*", "", true}, {"*", "abc", true}, {"a*", "a", true},
		{"a*c", "abbbc", true}, {"a*c", "abbb", false}, {"*a*b*", "xxaxxbxx", true}, {"h?llo", "hello", true},
		{"h?llo", "hllo", false}, {"h[ae]llo", "hallo", true}, {"h[ae]llo", "hillo", false},
		{"h[^e]llo", "hallo", true}, {"h[^e]llo", "hello", false}, {"[a-c]", "b", true}, {"[c-a]", "b", true},
		{"[a-c]", "d", false}, {`\*`, "*", true}, {`\*`, "a", false}, {`[\]]`, "]", true}, {"[", "a", false},
		{"[a", "a", true}, {`a\`, `a\`, true}, {"**a", "bba", true}, {"a", "ab", false},
	} {
		if got := glob([]byte(tt.pattern), tt.s); got != tt.want {
			t.Errorf("glob(%q, %q) = %v", tt.pattern, tt.s, got)
		}
	}
}

// A pattern of many stars costs no more than the product of the lengths: with
// recursion this would not end.
func TestGlobStars(t *testing.T) {
	if glob([]byte(strings.Repeat("a*", 50)+"b"), strings.Repeat("a", 5000)) {
		t.Error("matched")
	}
}
