//! async-task on a FIFO in a thread-local: the least an executor can do.

use crate::futures::*;
use crate::sample::*;
use async_task::{Runnable, Task};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::hint::black_box;
use std::task::Waker;
use std::time::{Duration, Instant};

const BATCH: u64 = 32;

thread_local! {
    static QUEUE: RefCell<VecDeque<Runnable>> = const { RefCell::new(VecDeque::new()) };
}

// Captures nothing: async-task then skips a clone and drop per schedule.
fn schedule(r: Runnable) {
    QUEUE.with(|q| q.borrow_mut().push_back(r));
}

fn pop() -> Option<Runnable> {
    QUEUE.with(|q| q.borrow_mut().pop_front())
}

fn drain() {
    while let Some(r) = pop() {
        r.run();
    }
}

fn spawn<F>(f: F) -> Task<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let (r, t) = async_task::spawn(f, schedule);
    r.schedule();
    t
}

/// Tasks that wait for ever, each polled once.
struct Idle {
    ctx: Ctx,
    tasks: Vec<Task<()>>,
}

impl Drop for Idle {
    fn drop(&mut self) {
        self.tasks.clear();
        drain();
        self.ctx.forget();
    }
}

fn park(n: u64) -> Idle {
    let ctx = Ctx::new(n);
    ctx.wakers().reserve_exact(n as usize);
    let tasks = (0..n).map(|_| spawn(Parked(ctx))).collect();
    drain();
    Idle { ctx, tasks }
}

pub fn clone_drop(n: u64) -> Sample {
    let idle = park(1);
    let ctx = idle.ctx;
    let w = ctx.wakers()[0].clone();
    let d = timed(|| (0..n).for_each(|_| drop(black_box(black_box(&w).clone()))));
    Sample::new(d, n)
}

pub fn will_wake(n: u64) -> Sample {
    let idle = park(1);
    let ctx = idle.ctx;
    let (w, other) = (ctx.wakers()[0].clone(), ctx.wakers()[0].clone());
    let mut yes = 0;
    let d = timed(|| {
        for _ in 0..n {
            yes += black_box(&w).will_wake(black_box(&other)) as u64;
        }
    });
    Sample::new(d, n).count("equal", yes)
}

pub fn wake_notified(n: u64) -> Sample {
    let idle = park(1);
    let ctx = idle.ctx;
    let w = ctx.wakers()[0].clone();
    w.wake_by_ref();
    let d = timed(|| (0..n).for_each(|_| black_box(&w).wake_by_ref()));
    drain();
    Sample::new(d, n).count("polls", ctx.polls())
}

pub fn wake_complete(n: u64) -> Sample {
    let ctx = Ctx::new(1);
    spawn(Finished(ctx)).detach();
    drain();
    let w = ctx.wakers()[0].clone();
    let d = timed(|| (0..n).for_each(|_| black_box(&w).wake_by_ref()));
    ctx.forget();
    Sample::new(d, n).count("polls", ctx.polls())
}

/// Wakes idle tasks; only the wakes are timed. By value if `owned`.
pub fn wake_idle(n: u64, owned: bool) -> Sample {
    const TASKS: u64 = 256;
    let idle = park(TASKS);
    let ctx = idle.ctx;
    let rounds = n.div_ceil(TASKS);
    let mut d = Duration::ZERO;
    for _ in 0..rounds {
        if owned {
            let ws = ctx.wakers().clone();
            d += timed(|| ws.into_iter().for_each(|w| w.wake()));
        } else {
            d += timed(|| ctx.wakers().iter().for_each(|w| w.wake_by_ref()));
        }
        drain();
    }
    Sample::new(d, rounds * TASKS).count("polls", ctx.polls())
}

fn in_poll<F>(ctx: Ctx, f: F) -> Sample
where
    F: Future<Output = ()> + Send + 'static,
{
    spawn(f).detach();
    drain();
    Sample::new(ctx.0.elapsed.get(), ctx.0.limit.get())
        .count("polls", ctx.polls())
        .count("wakes", ctx.wakes())
}

pub fn wake_running(n: u64) -> Sample {
    let ctx = Ctx::new(n);
    in_poll(ctx, WakeRunning(ctx))
}

pub fn clone_wake_running(n: u64) -> Sample {
    let ctx = Ctx::new(n);
    in_poll(ctx, CloneWakeRunning(ctx))
}

pub fn self_wake(n: u64) -> Sample {
    let ctx = Ctx::new(n);
    spawn(SelfWake(ctx)).detach();
    let d = timed(drain);
    Sample::new(d, n)
        .count("polls", ctx.polls())
        .count("wakes", ctx.wakes())
}

pub fn wake_run_idle(n: u64, batch: u64) -> Sample {
    let idle = park(batch);
    let ctx = idle.ctx;
    let rounds = n.div_ceil(batch);
    let ws = ctx.wakers().clone();
    let d = timed(|| {
        for _ in 0..rounds {
            ws.iter().for_each(|w| w.wake_by_ref());
            drain();
        }
    });
    Sample::new(d, rounds * batch).count("polls", ctx.polls())
}

pub fn ping_pong(n: u64) -> Sample {
    let ctx = Ctx::new(2 * n);
    let tasks = vec![spawn(PingPong(ctx, 0)), spawn(PingPong(ctx, 1))];
    let _idle = Idle { ctx, tasks };
    let d = timed(|| {
        while ctx.polls() < 2 * n {
            pop().expect("runnable").run();
        }
    });
    Sample::new(d, n)
        .count("polls", ctx.polls())
        .count("wakes", ctx.wakes())
}

pub fn spawn_detached(n: u64, batch: u64) -> Sample {
    let ctx = Ctx::new(0);
    let rounds = n.div_ceil(batch);
    let d = timed(|| {
        for _ in 0..rounds {
            (0..batch).for_each(|_| spawn(Once(ctx)).detach());
            drain();
        }
    });
    Sample::new(d, rounds * batch).count("polls", ctx.polls())
}

pub fn spawn_join(n: u64) -> Sample {
    let ctx = Ctx::new(0);
    let mut joiner = spawn(async move {
        let mut sum = 0u64;
        for _ in 0..n {
            sum = sum.wrapping_add(spawn(Value(ctx)).await);
        }
        sum
    });
    let d = timed(drain);
    let mut cx = std::task::Context::from_waker(Waker::noop());
    let std::task::Poll::Ready(sum) = std::pin::Pin::new(&mut joiner).poll(&mut cx) else {
        panic!("joiner still pending")
    };
    Sample::new(d, n)
        .count("polls", ctx.polls())
        .count("sum", sum)
}

/// Cancels idle tasks by dropping their handles, and runs them for the last time.
pub fn abort(n: u64) -> Sample {
    let rounds = n.div_ceil(BATCH);
    let (mut d, mut drops) = (Duration::ZERO, 0);
    for _ in 0..rounds {
        let mut idle = park(BATCH);
        let (ctx, tasks) = (idle.ctx, std::mem::take(&mut idle.tasks));
        let t = Instant::now();
        tasks.into_iter().for_each(drop);
        drain();
        d += t.elapsed();
        drops += ctx.0.drops.get();
    }
    Sample::new(d, rounds * BATCH).count("drops", drops)
}

pub fn sweep(n: u64, shuffled: bool) -> Sample {
    let idle = park(n);
    let ctx = idle.ctx;
    if shuffled {
        shuffle(ctx.wakers());
    }
    let times = (SWEEP_WAKES / n).max(1);
    let (mut d, mut run) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..times {
        d += timed(|| ctx.wakers().iter().for_each(|w| w.wake_by_ref()));
        run += timed(drain);
    }
    Sample::new(d, n * times)
        .count("polls", ctx.polls())
        .aux("run", run)
}

pub fn idle_bytes(n: u64) -> Sample {
    let ctx = Ctx::new(n);
    ctx.wakers().reserve_exact(n as usize);
    (0..n).for_each(|_| ctx.wakers().push(Waker::noop().clone()));
    ctx.wakers().clear();
    let before = rss();
    for _ in 0..n {
        spawn(Parked(ctx)).detach();
        drain();
    }
    let s = Sample::bytes((rss() - before) / n as f64, n).count("polls", ctx.polls());
    ctx.forget();
    s
}

/// Runs `f` on the waker of a task that stays notified meanwhile.
pub fn with_waker(f: impl FnOnce(&Waker) -> Sample) -> Sample {
    let idle = park(1);
    let s = f(&idle.ctx.wakers()[0]);
    drain();
    s.count("polls", idle.ctx.polls())
}
