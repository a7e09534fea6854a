package main

import (
	"fmt"
	"strconv"
	"strings"
)

// figures are the medians that the plots show, by row and implementation.
type figures map[figure]float64

type figure struct{ row, impl string }

func (r *results) figures() figures {
	f := figures{}
	for _, m := range r.rows {
		for _, s := range m.sides {
			f[figure{m.name, s.name()}] = summary(s.values).median
		}
	}
	return f
}

// readFigures reads what results.lines wrote. A line does not tell which of the
// kit's implementations a row compares: the row does.
func readFigures(tsv string) (figures, error) {
	ours := map[string]string{}
	for _, r := range rows() {
		ours[r.name], _, _ = strings.Cut(r.ours, "/")
	}
	f := figures{}
	for i, line := range strings.Split(strings.TrimSpace(tsv), "\n") {
		cells := strings.Split(line, "\t")
		if len(cells) != 6 || cells[0] != "ratio" {
			return nil, fmt.Errorf("line %d: %q is no ratio", i+1, line)
		}
		impl, ok := ours[cells[1]]
		if !ok { // of the servers, which no plot shows
			continue
		}
		for impl, value := range map[string]string{impl: cells[2], cells[3]: cells[4]} {
			v, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", i+1, err)
			}
			f[figure{cells[1], impl}] = v
		}
	}
	return f, nil
}
