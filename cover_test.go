package rouse

import "strings"

// Words described by the flags that matter: a little two-level minimisation,
// for TRANSITIONS.md.

// A point is a word: the values of pointFlags, and then its wakers, 0, 1 or 2,
// which stands for more.
type point [len(pointFlags) + 1]uint8

var (
	pointFlags = [...]Snapshot{flagComplete, flagRunning, flagNotified, flagCancelled, flagJoinInterest, flagJoinWaker,
		flagUnowned, flagPinned, flagOrphanable, flagKeep}
	pointNames = [...]string{"C", "R", "N", "X", "J", "W", "U", "P", "O", "K"}
)

func allPoints() (points []point) {
	for i := range 3 << len(pointFlags) {
		var p point
		for b := range pointFlags {
			p[b] = uint8(i >> b & 1)
		}
		p[len(pointFlags)] = uint8(i >> len(pointFlags))
		points = append(points, p)
	}
	return
}

func (p point) word() (s Snapshot) {
	for i, f := range pointFlags {
		if p[i] != 0 {
			s |= f
		}
	}
	if s.Cancelled() {
		s |= Snapshot(CauseExited) << causeShift
	}
	return s | Snapshot(p[len(pointFlags)])*refOne
}

// A cube is a set of values for each coordinate.
type cube [len(point{})]uint8

// cover describes a set of points by cubes, no larger and as few as comes easily.
func cover(points map[point]bool) (cubes []cube) {
	covered := map[point]bool{}
	for _, p := range allPoints() {
		if points[p] && !covered[p] {
			c := widest(p, points)
			cubes = append(cubes, c)
			c.each(func(p point) bool { covered[p] = true; return true })
		}
	}
	return cubes
}

// widest returns the cube about p within points that names the fewest
// coordinates, of those that are found by widening them in turn.
func widest(p point, points map[point]bool) (best cube) {
	for first := range p {
		var c cube
		for i, v := range p {
			c[i] = 1 << v
		}
		for i := range p {
			at := (first + len(p) - i) % len(p)
			wider := []uint8{3}
			if at == len(pointFlags) {
				wider = []uint8{7, 6, 3}
			}
			for _, w := range wider {
				d := c
				d[at] |= w
				if d[at] == w && d.each(func(p point) bool { return points[p] }) {
					c = d
					break
				}
			}
		}
		if c.size() > best.size() {
			best = c
		}
	}
	return best
}

func (c cube) size() int {
	n := 0
	c.each(func(point) bool { n++; return true })
	return n
}

// each calls f with every point of c until it reports false, and reports
// whether it never did.
func (c cube) each(f func(point) bool) bool {
	var p point
	var from func(i int) bool
	from = func(i int) bool {
		if i == len(c) {
			return f(p)
		}
		for v := uint8(0); v < 3; v++ {
			if c[i]>>v&1 != 0 {
				if p[i] = v; !from(i + 1) {
					return false
				}
			}
		}
		return true
	}
	return c != cube{} && from(0)
}

func (c cube) String() string {
	var words []string
	for i, name := range pointNames {
		switch c[i] {
		case 1:
			words = append(words, "¬"+name)
		case 2:
			words = append(words, name)
		}
	}
	if name := [...]string{1: "refs=0", 2: "refs=1", 3: "refs≤1", 4: "refs≥2", 6: "refs≥1", 7: ""}[c[len(pointNames)]]; name != "" {
		words = append(words, name)
	}
	if len(words) == 0 {
		return "any"
	}
	return strings.Join(words, " ")
}

func alternatives(cubes []cube) string {
	var words []string
	for _, c := range cubes {
		words = append(words, c.String())
	}
	return strings.Join(words, " or ")
}
