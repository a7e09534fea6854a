module github.com/rouse-go/rouse/bench/twins

go 1.26.3

replace github.com/rouse-go/rouse => ../..

require (
	github.com/puzpuzpuz/xsync/v4 v4.5.0
	github.com/rouse-go/rouse v0.0.0-00010101000000-000000000000
	github.com/tidwall/redcon v1.6.4
	golang.org/x/sync v0.25.0
	gvisor.dev/gvisor v0.0.0-20260905035102-160fafc42237
)

require (
	github.com/tidwall/btree v1.1.0 // indirect
	github.com/tidwall/match v1.1.1 // indirect
)
