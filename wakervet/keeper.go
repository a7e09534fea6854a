package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// keepers are the functions known to keep an argument after they return, by
// package path (rouse for the kit, wherever it stands) and, for a method, receiver.
var keepers = map[string]string{
	"time.AfterFunc":                         "used by a callback",
	"context.AfterFunc":                      "used by a callback",
	"runtime.AddCleanup":                     "used by a callback",
	"runtime.SetFinalizer":                   "used by a callback",
	"sync.WaitGroup.Go":                      "used by a goroutine",
	"golang.org/x/sync/errgroup.Group.Go":    "used by a goroutine",
	"golang.org/x/sync/errgroup.Group.TryGo": "used by a goroutine",
	"sync.Map.Store":                         "stored in a map",
	"sync.Map.Swap":                          "stored in a map",
	"sync.Map.LoadOrStore":                   "stored in a map",
	"sync/atomic.Value.Store":                "stored atomically",
	"sync/atomic.Pointer.Store":              "stored atomically",
	"sync/atomic.Pointer.Swap":               "stored atomically",
	"sync/atomic.Pointer.CompareAndSwap":     "stored atomically",
	"container/list.List.PushBack":           "stored in a list",
	"container/list.List.PushFront":          "stored in a list",
	"rouse.FuncWaker":                        "used by a waker that outlives it",
	"rouse.WakerOf":                          "used by a waker that outlives it",
	"rouse.Spawn":                            "used by another task",
	"rouse.SpawnWith":                        "used by another task",
	"rouse.SpawnDetached":                    "used by another task",
	"rouse.Pool.Spawn":                       "used by another task",
	"rouse.Pool.SpawnWith":                   "used by another task",
	"rouse.Pool.SpawnDetached":               "used by another task",
}

// keeper says what becomes of the arguments of call if its callee is one of those,
// and "" otherwise.
func keeper(info *types.Info, call *ast.CallExpr) string {
	fn := rousetypes.Callee(info, call)
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	name := fn.Name()
	if recv := fn.Signature().Recv(); recv != nil {
		t := recv.Type()
		if p, ok := t.(*types.Pointer); ok {
			t = p.Elem()
		}
		named, ok := types.Unalias(t).(*types.Named)
		if !ok {
			return ""
		}
		name = named.Obj().Name() + "." + name
	}
	if rousetypes.Kit(fn.Pkg()) {
		return keepers["rouse."+name]
	}
	return keepers[fn.Pkg().Path()+"."+name]
}

// lastWait returns the last place in body that may wait for a goroutine: a method
// named Wait or a receive. A goroutine started before it may have ended by then.
func lastWait(body *ast.BlockStmt) token.Pos {
	last := token.NoPos
	ast.Inspect(body, func(c ast.Node) bool {
		switch c := c.(type) {
		case *ast.CallExpr:
			if sel, ok := c.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Wait" {
				last = max(last, c.Pos())
			}
		case *ast.UnaryExpr:
			if c.Op == token.ARROW {
				last = max(last, c.Pos())
			}
		case *ast.SelectStmt:
			last = max(last, c.Pos())
		}
		return true
	})
	return last
}
