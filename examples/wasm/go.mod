module github.com/rouse-go/rouse/examples/wasm

go 1.24.0

require (
	github.com/rouse-go/rouse v0.0.0
	github.com/tetratelabs/wazero v1.10.1
)

require go.uber.org/atomic v1.12.0 // indirect

replace github.com/rouse-go/rouse => ../../
