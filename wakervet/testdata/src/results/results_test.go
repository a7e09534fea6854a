package results

import "testing"

func TestVerbs(t *testing.T) {
	var b box
	b.state.Notify()
	b.state.Begin()
	b.state.End()
	if !b.state.Close() {
		t.Fatal("not idle")
	}
}
