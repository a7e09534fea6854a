package main

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Scouts are single tests that killed mutants of a function before. They are
// tried first on its others: most fall to the same few tests, and so to none of
// the rest. What a scout leaves all killers are tried on.
type scouts struct {
	mu    sync.Mutex
	known map[verdict]*killer
	of    map[string][]*killer // by function and by file, the last to kill first
}

// maxScouts are tried on one mutant.
const maxScouts = 4

// learn makes a scout of the test that k killed m with, or that is remembered
// as its killer.
func (s *scouts) learn(k *killer, m *mutant, v verdict) {
	test, ok := strings.CutPrefix(string(v), k.name+": ")
	if !ok || !strings.HasPrefix(test, "Test") || k.walks && !strings.Contains(test, "/") {
		return // no test, or all that k has
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known, s.of = map[verdict]*killer{}, map[string][]*killer{}
	}
	scout := s.known[v]
	if scout == nil {
		scout = &killer{name: k.name, dir: k.dir, tags: k.tags, slow: k.slow, walks: k.walks, whole: k}
		scout.args = append(slices.Clip(k.args), "-test.run="+pattern(test))
		s.known[v] = scout
	}
	for _, place := range m.places() {
		of := slices.DeleteFunc(s.of[place], func(o *killer) bool { return o == scout })
		s.of[place] = slices.Insert(of, 0, scout)
	}
}

// on returns the scouts to try on m.
func (s *scouts) on(m *mutant, slow bool) (fit []*killer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, place := range m.places() {
		for _, k := range killersOf(s.of[place], m, slow) {
			if len(fit) < maxScouts && !slices.Contains(fit, k) {
				fit = append(fit, k)
			}
		}
	}
	return fit
}

// places are where m's neighbours are, the next ones first.
func (m *mutant) places() []string {
	if m.fn == nil {
		return []string{m.file}
	}
	return []string{m.file + " " + m.fn.name, m.file}
}

// pattern matches a test, or subtest, and no other.
func pattern(test string) string {
	parts := strings.Split(test, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}
