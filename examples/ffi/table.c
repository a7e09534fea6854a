#include "_cgo_export.h"
#include "rust.h"

// The order is that of GoTable in rust/src/lib.rs.
static const struct {
	uintptr_t (*clone)(uintptr_t);
	void (*wake)(uintptr_t);
	void (*wake_by_ref)(uintptr_t);
	void (*drop)(uintptr_t);
	_Bool (*poll)(uintptr_t, rust_waker *, int64_t *);
	void (*forget)(uintptr_t);
} go_table = {goWakerClone, goWakerWake, goWakerWakeByRef, goWakerDrop, goFuturePoll, goFutureForget};

void init_rust(void) { rust_init(&go_table); }
