//! The other way round: an executor of Rust that polls futures of Go.

use crate::go;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// A future of Go. It is forgotten when it is dropped.
struct GoFuture(usize);

impl Future for GoFuture {
    type Output = i64;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<i64> {
        let mut output = 0;
        let waker = Box::into_raw(Box::new(cx.waker().clone())); // Go's from now on
        if (go().poll)(self.0, waker, &mut output) {
            return Poll::Ready(output);
        }
        Poll::Pending
    }
}

impl Drop for GoFuture {
    fn drop(&mut self) {
        (go().forget)(self.0);
    }
}

/// A queue of tasks that are to be polled, by their index.
#[derive(Default)]
struct Queue {
    ready: Mutex<VecDeque<usize>>,
    some: Condvar,
}

/// Wakes the task of an index.
struct Wakeup {
    queue: Arc<Queue>,
    index: usize,
}

impl Wake for Wakeup {
    fn wake(self: Arc<Self>) {
        self.queue.ready.lock().unwrap().push_back(self.index);
        self.queue.some.notify_one();
    }
}

/// Polls futures of Go on the calling thread until all are ready, and returns the
/// sum of their outputs.
///
/// # Safety
/// futures must be n numbers of futures of Go, which are forgotten here.
#[no_mangle]
pub unsafe extern "C" fn rust_run(futures: *const usize, n: usize) -> i64 {
    let queue = Arc::new(Queue::default());
    let mut tasks: Vec<Option<(GoFuture, Waker)>> = Vec::with_capacity(n);
    for index in 0..n {
        let wakeup = Arc::new(Wakeup { queue: queue.clone(), index });
        let future = GoFuture(unsafe { *futures.add(index) });
        tasks.push(Some((future, Waker::from(wakeup.clone()))));
        wakeup.wake();
    }
    let (mut left, mut sum) = (n, 0);
    while left > 0 {
        let index = {
            let mut ready = queue.ready.lock().unwrap();
            loop {
                match ready.pop_front() {
                    Some(index) => break index,
                    None => ready = queue.some.wait(ready).unwrap(),
                }
            }
        };
        // A wake of a task that has ended is in the queue, perhaps.
        let Some((future, waker)) = &mut tasks[index] else { continue };
        if let Poll::Ready(v) = Pin::new(future).poll(&mut Context::from_waker(waker)) {
            tasks[index] = None;
            left -= 1;
            sum += v;
        }
    }
    sum
}

/// # Safety
/// The waker must be one that poll was given, and must not be used afterwards.
#[no_mangle]
pub unsafe extern "C" fn rust_waker_wake(waker: *mut Waker) {
    unsafe { Box::from_raw(waker) }.wake();
}

/// # Safety
/// The waker must be one that poll was given.
#[no_mangle]
pub unsafe extern "C" fn rust_waker_wake_by_ref(waker: *const Waker) {
    unsafe { &*waker }.wake_by_ref();
}

/// # Safety
/// As for rust_waker_wake_by_ref.
#[no_mangle]
pub unsafe extern "C" fn rust_waker_clone(waker: *const Waker) -> *mut Waker {
    Box::into_raw(Box::new(unsafe { &*waker }.clone()))
}

/// # Safety
/// As for rust_waker_wake.
#[no_mangle]
pub unsafe extern "C" fn rust_waker_drop(waker: *mut Waker) {
    drop(unsafe { Box::from_raw(waker) });
}
