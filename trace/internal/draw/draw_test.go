package main

import (
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const small = `[{"ph":"M","name":"thread_name","pid":1,"tid":1,"args":{"name":"a<b"}},
{"ph":"M","name":"thread_name","pid":1,"tid":2,"args":{"name":"task 2"}},
{"ph":"M","name":"thread_name","pid":1,"tid":3,"args":{"name":"elsewhen"}},
{"ph":"B","name":"poll","pid":1,"tid":3,"ts":1.5},{"ph":"E","name":"poll","pid":1,"tid":3,"ts":2},
{"ph":"B","name":"poll","pid":1,"tid":1,"ts":9000},{"ph":"E","name":"poll","pid":1,"tid":1,"ts":9020,"args":{"outcome":"ready"}},
{"ph":"s","name":"wake","pid":1,"tid":1,"ts":9010,"id":1},{"ph":"f","name":"wake","pid":1,"tid":2,"ts":9030,"id":1},
{"ph":"B","name":"poll","pid":1,"tid":2,"ts":9030},{"ph":"E","name":"poll","pid":1,"tid":2,"ts":9040},
{"ph":"i","name":"cancel","pid":1,"tid":2,"ts":9041,"args":{"cause":"aborted"}}]`

func TestDraw(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	if err := os.WriteFile(in, []byte(small), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := draw(in, out, 100); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(strings.NewReader(string(b)))
	for err == nil {
		_, err = d.Token()
	}
	if err != io.EOF {
		t.Error(err)
	}
	for what, n := range map[string]int{"a&lt;b": 2, "elsewhen": 0, `class="poll"`: 1, `class="ready"`: 1, `class="arrow"`: 1, "cancel aborted": 1} {
		if got := strings.Count(string(b), what); got != n {
			t.Errorf("%d of %s, want %d:\n%s", got, what, n, b)
		}
	}
	if err = os.WriteFile(in, []byte("[]"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err = draw(in, out, 100); err == nil || !strings.Contains(err.Error(), "no polls") {
		t.Error(err)
	}
}
