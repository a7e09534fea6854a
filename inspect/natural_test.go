package inspect

import (
	"slices"
	"testing"
)

func TestNaturalOrder(t *testing.T) {
	sorted := []string{"", "0", "1", "task", "task-1", "task1", "task2", "task2b1", "task2b10", "task10", "task010b", "task18446744073709551616", "task18446744073709551617", "tasks", "x1y2", "x01y3", "x1y03"}
	for i, a := range sorted {
		for j, b := range sorted {
			if got, want := natural(a, b) < 0, i < j; got != want {
				t.Errorf("%q before %q: %v", a, b, got)
			}
		}
	}
	_, list := named("task10", "task2", "task1")
	if got := tasksOf(getReport(t, Handler(list), "/?format=json&sort=name")); !slices.Equal(got, []string{"task1", "task2", "task10"}) {
		t.Error(got)
	}
}
