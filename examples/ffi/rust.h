// What the Rust library has, and what it calls: see rust/src.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rust_task rust_task;
typedef struct rust_waker rust_waker;

void rust_init(const void *table);
rust_task *rust_sleep(uint64_t micros);
rust_task *rust_sum(int64_t n);
rust_task *rust_never(void);
bool rust_poll(rust_task *task, uintptr_t waker, int64_t *output);
void rust_drop(rust_task *task);
size_t rust_live(void);

int64_t rust_run(const uintptr_t *futures, size_t n);
void rust_waker_wake(rust_waker *w);
void rust_waker_wake_by_ref(const rust_waker *w);
rust_waker *rust_waker_clone(const rust_waker *w);
void rust_waker_drop(rust_waker *w);

// init_rust gives Rust the functions that Go exports.
void init_rust(void);
