// Package destructorclose closes its futures through an interface.
package destructorclose

import (
	"io"

	"github.com/rouse-go/rouse"
)

type closer struct{ w rouse.Waker }

func (f *closer) Poll(cx rouse.Context) (int, bool) { return 1, true }
func (f *closer) Close() error                      { f.w.Drop(); return nil }

func closeAll(c io.Closer) { c.Close() }
