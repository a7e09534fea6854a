//! Async functions of Rust for Go. Go polls them, so no executor runs here; what
//! wakes them runs on threads of Rust (timer.rs). executor.rs is the other way
//! round: Rust polls futures of Go.

mod executor;
mod timer;

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::OnceLock;
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};
use std::time::Duration;

/// The functions of Go that are called from here. A waker of Go is a number, which
/// each of the first four takes; what they mean is what RawWakerVTable says. poll
/// and forget are of futures of Go, which are numbers too.
#[repr(C)]
pub struct GoTable {
    clone: extern "C" fn(usize) -> usize,
    wake: extern "C" fn(usize),
    wake_by_ref: extern "C" fn(usize),
    drop: extern "C" fn(usize),
    poll: extern "C" fn(future: usize, waker: *mut Waker, output: *mut i64) -> bool,
    forget: extern "C" fn(future: usize),
}

static GO: OnceLock<&'static GoTable> = OnceLock::new();

fn go() -> &'static GoTable {
    GO.get().expect("rust_init was not called")
}

/// Must be called before anything else.
///
/// # Safety
/// The table must stay as it is for the life of the program.
#[no_mangle]
pub unsafe extern "C" fn rust_init(table: *const GoTable) {
    let _ = GO.set(unsafe { &*table });
}

/// Wakers whose data is a waker of Go.
static GO_WAKERS: RawWakerVTable = RawWakerVTable::new(
    |w| RawWaker::new((go().clone)(w as usize) as *const (), &GO_WAKERS),
    |w| (go().wake)(w as usize),
    |w| (go().wake_by_ref)(w as usize),
    |w| (go().drop)(w as usize),
);

/// A future that Go owns.
pub struct Task(Pin<Box<dyn Future<Output = i64> + Send>>);

/// How many Tasks exist.
static LIVE: AtomicUsize = AtomicUsize::new(0);

impl Drop for Task {
    fn drop(&mut self) {
        LIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

fn task(future: impl Future<Output = i64> + Send + 'static) -> *mut Task {
    LIVE.fetch_add(1, Ordering::Relaxed);
    Box::into_raw(Box::new(Task(Box::pin(future))))
}

/// Polls a Task with a waker of Go, which is borrowed: what keeps it clones it.
///
/// # Safety
/// The task must be one of this library's that was not dropped, and nobody else
/// may use it during the call.
#[no_mangle]
pub unsafe extern "C" fn rust_poll(task: *mut Task, waker: usize, output: *mut i64) -> bool {
    // Not dropped: the caller keeps it.
    let waker = std::mem::ManuallyDrop::new(unsafe {
        Waker::from_raw(RawWaker::new(waker as *const (), &GO_WAKERS))
    });
    match unsafe { &mut *task }.0.as_mut().poll(&mut Context::from_waker(&waker)) {
        Poll::Ready(v) => {
            unsafe { *output = v };
            true
        }
        Poll::Pending => false,
    }
}

/// Drops a Task, whether it was ready or not.
///
/// # Safety
/// As for rust_poll; the task must not be used afterwards.
#[no_mangle]
pub unsafe extern "C" fn rust_drop(task: *mut Task) {
    drop(unsafe { Box::from_raw(task) });
}

/// How many Tasks exist.
#[no_mangle]
pub extern "C" fn rust_live() -> usize {
    LIVE.load(Ordering::Relaxed)
}

/// Sleeps, and then returns how long it was to sleep.
#[no_mangle]
pub extern "C" fn rust_sleep(micros: u64) -> *mut Task {
    task(async move {
        timer::sleep(Duration::from_micros(micros)).await;
        micros as i64
    })
}

/// Adds the numbers below n, and yields after each: it is woken by itself.
#[no_mangle]
pub extern "C" fn rust_sum(n: i64) -> *mut Task {
    task(async move {
        let mut sum = 0;
        for i in 0..n {
            sum += i;
            yield_once().await;
        }
        sum
    })
}

/// Never ends.
#[no_mangle]
pub extern "C" fn rust_never() -> *mut Task {
    task(async {
        timer::sleep(Duration::from_secs(1 << 32)).await;
        0
    })
}

async fn yield_once() {
    let mut yielded = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}
