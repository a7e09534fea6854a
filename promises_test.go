package rouse_test

import (
	"reflect"
	"testing"

	"github.com/rouse-go/rouse"
)

type typedTask struct{ rouse.Header }

// TestTablesAreTyped checks that a table makes tasks of its own type alone: what
// would give it another does not compile.
func TestTablesAreTyped(t *testing.T) {
	table := reflect.TypeFor[*rouse.Vtable[typedTask]]()
	for _, name := range []string{"Init", "InitNotified", "InitBound"} {
		m, ok := table.MethodByName(name)
		if !ok || m.Type.In(1) != reflect.TypeFor[*typedTask]() {
			t.Errorf("%s: %v", name, m.Type)
		}
	}
	header := reflect.TypeFor[*rouse.Header]()
	for m := range header.NumMethod() {
		for in := range header.Method(m).Type.NumIn() {
			if typ := header.Method(m).Type.In(in); in > 0 && typ.Kind() == reflect.Pointer {
				t.Errorf("Header.%s takes a %v", header.Method(m).Name, typ)
			}
		}
	}
}
