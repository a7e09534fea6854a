module github.com/rouse-go/rouse

go 1.24

require (
	github.com/google/go-cmp v0.7.0
	go.uber.org/atomic v1.12.0
	pgregory.net/rapid v1.3.0
)
