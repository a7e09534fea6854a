package wakervet

import (
	"go/types"
)

// method returns the method of t, or of *t, that is named name: declared by it or
// promoted to it.
func method(t types.Type, name string) *types.Func {
	if t == nil {
		return nil
	}
	if _, ok := types.Unalias(t).(*types.Pointer); !ok && !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	for m := range types.NewMethodSet(t).Methods() {
		if fn, ok := m.Obj().(*types.Func); ok && fn.Name() == name {
			return fn
		}
	}
	return nil
}

// pollOf returns the Poll by which t, or *t, is a future or the task of a table.
func pollOf(t types.Type) *types.Func {
	fn := method(t, "Poll")
	if fn == nil || !lastIsBool(fn.Signature().Results()) || fn.Signature().Params().Len() != 1 || paramOf(fn.Signature(), "Context") != 0 {
		return nil
	}
	return fn
}

// isFuture reports whether t, or *t, is a future.
func isFuture(t types.Type) bool {
	fn := pollOf(t)
	return fn != nil && fn.Signature().Results().Len() == 2
}

// plain reports whether fn takes and returns nothing, as a destructor does.
func plain(fn *types.Func) bool {
	return fn.Signature().Params().Len() == 0 && fn.Signature().Results().Len() == 0
}
