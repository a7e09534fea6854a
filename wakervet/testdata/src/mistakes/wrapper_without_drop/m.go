// Package m hides a Drop.
package m

import (
	"github.com/rouse-go/rouse"
)

type logged[T any] struct{ rouse.Future[T] } // MISTAKE: futuredrop
