module github.com/rouse-go/rouse/bench/twins

go 1.26.3

replace github.com/rouse-go/rouse => ../..

require (
	github.com/puzpuzpuz/xsync/v4 v4.5.0
	github.com/rouse-go/rouse v0.0.0-00010101000000-000000000000
	gvisor.dev/gvisor v0.0.0-20260905035102-160fafc42237
)
