package explore

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"strings"
)

// script runs one given schedule.
type script struct {
	e           *engine
	choices     []uint8
	preemptions int
	last        int
}

func (s *script) stepDone()  {}
func (s *script) over() bool { return false }

func (s *script) pick() *thread {
	e := s.e
	enabled := e.enabledSet()
	switch {
	case enabled == 0:
		e.atRest()
		return nil
	case e.depth >= len(s.choices): // the failure of a step came after it, or the scenario has changed
		return e.threads[lowest(enabled)-1]
	}
	c := int(s.choices[e.depth])
	if e.depth == 0 {
		s.last, s.preemptions = 0, 0
	} else if c != s.last && enabled&(1<<s.last) != 0 {
		s.preemptions++
	}
	s.last = c
	if enabled&(1<<c) == 0 {
		e.fail(nil, "the schedule does not fit the scenario: step %d is thread %d's, which cannot run", e.depth+1, c)
		return nil
	}
	return e.threads[c-1]
}

// walk draws schedules at random.
type walk struct {
	e    *engine
	rng  *rand.Rand
	left int
}

func newWalk(e *engine) *walk {
	return &walk{e, rand.New(rand.NewPCG(e.cfg.Seed, 0x726f757365)), e.cfg.Random}
}

func (w *walk) stepDone() {}

func (w *walk) over() bool {
	w.left--
	return w.left > 0
}

func (w *walk) pick() *thread {
	e := w.e
	enabled := e.enabledSet()
	if enabled == 0 {
		e.atRest()
		return nil
	}
	n := w.rng.IntN(bits.OnesCount64(enabled))
	for ; n > 0; n-- {
		enabled &= enabled - 1
	}
	return e.threads[lowest(enabled)-1]
}

// A token is the schedule: a letter for each thread, in order of declaration, with the number of
// steps it takes if more than one.
const tokenLetters = "abcdefghijklmnopqrstuvwxyzABCDEF"

func formatToken(choices []uint8) string {
	var b strings.Builder
	b.WriteString("x1:")
	for i := 0; i < len(choices); {
		j := i
		for j < len(choices) && choices[j] == choices[i] {
			j++
		}
		b.WriteByte(tokenLetters[choices[i]-1])
		if j-i > 1 {
			fmt.Fprint(&b, j-i)
		}
		i = j
	}
	return b.String()
}

func parseToken(token string) ([]uint8, error) {
	s, ok := strings.CutPrefix(token, "x1:")
	if !ok {
		return nil, fmt.Errorf("explore: token %q: want one that begins with \"x1:\"", token)
	}
	var choices []uint8
	for i := 0; i < len(s); {
		c := strings.IndexByte(tokenLetters, s[i])
		if c < 0 || c >= maxThreads-1 {
			return nil, fmt.Errorf("explore: token %q: %q is no thread", token, s[i])
		}
		i++
		n, digits := 0, 0
		for ; i < len(s) && s[i] >= '0' && s[i] <= '9' && digits < 6; i++ {
			n, digits = 10*n+int(s[i]-'0'), digits+1
		}
		if digits == 0 {
			n = 1
		}
		for ; n > 0; n-- {
			choices = append(choices, uint8(c+1))
		}
	}
	return choices, nil
}
