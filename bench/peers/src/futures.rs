//! The futures under test: the same for every kit, one word each, like their
//! Go counterparts.

use std::cell::{Cell, UnsafeCell};
use std::future::Future;
use std::hint::black_box;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

/// What the futures of one sample share: counters and stored wakers.
///
/// Every executor here polls on the thread that created the `Shared`; it is
/// handed to `Send` futures only because the kits' spawn functions ask for it.
#[derive(Default)]
pub struct Shared {
    pub polls: Cell<u64>,
    pub wakes: Cell<u64>,
    pub drops: Cell<u64>,
    pub limit: Cell<u64>,
    pub elapsed: Cell<Duration>,
    pub wakers: UnsafeCell<Vec<Waker>>,
}

#[derive(Clone, Copy)]
pub struct Ctx(pub &'static Shared);
unsafe impl Send for Ctx {}

impl Ctx {
    /// The few hundred bytes per sample are leaked: a task may outlive it.
    pub fn new(limit: u64) -> Self {
        let s: &'static Shared = Box::leak(Box::default());
        s.limit.set(limit);
        Ctx(s)
    }

    #[inline]
    pub fn poll(self) -> u64 {
        let n = self.0.polls.get() + 1;
        self.0.polls.set(n);
        n
    }

    #[inline]
    pub fn woke(self, n: u64) {
        self.0.wakes.set(self.0.wakes.get() + n);
    }

    pub fn polls(self) -> u64 {
        self.0.polls.get()
    }

    pub fn wakes(self) -> u64 {
        self.0.wakes.get()
    }

    /// Drops the stored wakers and the memory that held them.
    pub fn forget(self) {
        *self.wakers() = Vec::new();
    }

    /// The borrow must end before the next poll, which may push a waker.
    #[allow(clippy::mut_from_ref)]
    pub fn wakers(self) -> &'static mut Vec<Waker> {
        unsafe { &mut *self.0.wakers.get() }
    }
}

macro_rules! word_future {
    ($name:ident, $out:ty, |$ctx:ident, $cx:ident| $body:expr) => {
        pub struct $name(pub Ctx);
        impl Future for $name {
            type Output = $out;
            #[inline]
            fn poll(self: Pin<&mut Self>, $cx: &mut Context<'_>) -> Poll<$out> {
                let $ctx = self.0;
                $body
            }
        }
    };
}

// Never ready. The first poll stores a clone of its waker.
word_future!(Parked, (), |ctx, cx| {
    ctx.poll();
    if ctx.wakers().len() < ctx.0.limit.get() as usize {
        ctx.wakers().push(cx.waker().clone());
    }
    Poll::Pending
});

impl Drop for Parked {
    fn drop(&mut self) {
        self.0 .0.drops.set(self.0 .0.drops.get() + 1);
    }
}

// Stores its waker and is ready at once: its waker outlives it.
word_future!(Finished, (), |ctx, cx| {
    ctx.poll();
    ctx.wakers().push(cx.waker().clone());
    Poll::Ready(())
});

word_future!(Once, (), |ctx, _cx| {
    ctx.poll();
    Poll::Ready(())
});

word_future!(Value, u64, |ctx, _cx| Poll::Ready(ctx.poll()));

// Wakes itself until it has been polled `limit` times.
word_future!(SelfWake, (), |ctx, cx| {
    if ctx.poll() >= ctx.0.limit.get() {
        return Poll::Ready(());
    }
    ctx.woke(1);
    cx.waker().wake_by_ref();
    Poll::Pending
});

// Wakes itself by reference `limit` times while it runs.
word_future!(WakeRunning, (), |ctx, cx| {
    if ctx.poll() > 1 {
        return Poll::Ready(());
    }
    let n = ctx.0.limit.get();
    let t = Instant::now();
    for _ in 0..n {
        black_box(cx.waker()).wake_by_ref();
    }
    ctx.0.elapsed.set(t.elapsed());
    ctx.woke(n);
    Poll::Pending
});

// Clones its waker and wakes the clone by value, `limit` times, while it runs.
word_future!(CloneWakeRunning, (), |ctx, cx| {
    if ctx.poll() > 1 {
        return Poll::Ready(());
    }
    let n = ctx.0.limit.get();
    let t = Instant::now();
    for _ in 0..n {
        black_box(cx.waker().clone()).wake();
    }
    ctx.0.elapsed.set(t.elapsed());
    ctx.woke(n);
    Poll::Pending
});

/// One of two tasks that wake each other until they were polled `limit` times
/// between them. Slots 0 and 1 of `wakers` hold their wakers. `limit` is even,
/// so the second task, polled last, ends; the first stays idle.
pub struct PingPong(pub Ctx, pub usize);
impl Future for PingPong {
    type Output = ();
    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let ctx = self.0;
        let n = ctx.poll();
        if n <= 2 {
            ctx.wakers().push(cx.waker().clone());
            if n == 1 {
                return Poll::Pending;
            }
        }
        if n >= ctx.0.limit.get() {
            return Poll::Ready(());
        }
        ctx.woke(1);
        ctx.wakers()[1 - self.1].wake_by_ref();
        Poll::Pending
    }
}
