module github.com/rouse-go/rouse/proptest/history

go 1.24

require (
	github.com/anishathalye/porcupine v1.3.1
	github.com/rouse-go/rouse v0.0.0
)

require go.uber.org/atomic v1.12.0 // indirect

replace github.com/rouse-go/rouse => ../../
