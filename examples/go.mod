module github.com/rouse-go/rouse/examples

go 1.24.0

require (
	github.com/redis/go-redis/v9 v9.18.0
	github.com/rouse-go/rouse v0.0.0
	github.com/tidwall/redcon v1.6.4
	golang.org/x/sys v0.36.0
	golang.org/x/time v0.14.0
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/dgryski/go-rendezvous v0.0.0-20200823014737-9f7001d12a5f // indirect
	github.com/tidwall/btree v1.1.0 // indirect
	github.com/tidwall/match v1.1.1 // indirect
	go.uber.org/atomic v1.12.0 // indirect
)

replace github.com/rouse-go/rouse => ../
