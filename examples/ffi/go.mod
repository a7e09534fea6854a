module github.com/rouse-go/rouse/examples/ffi

go 1.24.0

require github.com/rouse-go/rouse v0.0.0

require (
	github.com/rouse-go/rouse/examples v0.0.0
	go.uber.org/atomic v1.12.0 // indirect
)

replace github.com/rouse-go/rouse => ../..

replace github.com/rouse-go/rouse/examples => ..
