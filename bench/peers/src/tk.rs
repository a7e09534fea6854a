//! tokio's current-thread runtime. Everything runs inside `block_on`, so that
//! every wake takes the runtime's own, lock-free local queue.

use crate::futures::*;
use crate::sample::*;
use std::future::{poll_fn, Future};
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

const BATCH: u64 = 32;

fn block_on<T>(f: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("runtime")
        .block_on(f)
}

/// Lets other tasks run until `done`.
async fn until(done: impl Fn() -> bool) {
    poll_fn(|cx| {
        if done() {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

async fn polled(ctx: Ctx, n: u64) {
    until(|| ctx.polls() >= n).await
}

/// Tasks that wait for ever, each polled once.
struct Idle {
    ctx: Ctx,
    handles: Vec<JoinHandle<()>>,
}

impl Drop for Idle {
    fn drop(&mut self) {
        self.ctx.forget();
    }
}

async fn park(n: u64) -> Idle {
    let ctx = Ctx::new(n);
    ctx.wakers().reserve_exact(n as usize);
    let handles = (0..n).map(|_| tokio::spawn(Parked(ctx))).collect();
    polled(ctx, n).await;
    Idle { ctx, handles }
}

pub fn clone_drop(n: u64) -> Sample {
    block_on(async {
        let idle = park(1).await;
        let w = idle.ctx.wakers()[0].clone();
        Sample::new(
            timed(|| (0..n).for_each(|_| drop(black_box(black_box(&w).clone())))),
            n,
        )
    })
}

pub fn will_wake(n: u64) -> Sample {
    block_on(async {
        let idle = park(1).await;
        let w = idle.ctx.wakers()[0].clone();
        let other = w.clone();
        let mut yes = 0;
        let d = timed(|| {
            for _ in 0..n {
                yes += black_box(&w).will_wake(black_box(&other)) as u64;
            }
        });
        Sample::new(d, n).count("equal", yes)
    })
}

pub fn clone_drop_threads(n: u64, threads: usize, same: bool) -> Sample {
    block_on(async {
        let idle = park(threads as u64).await;
        let ctx = idle.ctx;
        let ws = ctx.wakers();
        let mine: Vec<Waker> = (0..threads)
            .map(|i| ws[if same { 0 } else { i }].clone())
            .collect();
        Sample::new(
            contend(mine, move |w| {
                (0..n).for_each(|_| drop(black_box(w.clone())))
            }),
            n,
        )
    })
}

pub fn wake_notified_threads(n: u64, threads: usize) -> Sample {
    block_on(async {
        let idle = park(1).await;
        let ctx = idle.ctx;
        let w = ctx.wakers()[0].clone();
        w.wake_by_ref();
        let mine: Vec<Waker> = (0..threads).map(|_| w.clone()).collect();
        let d = contend(mine, move |w| {
            (0..n).for_each(|_| black_box(w).wake_by_ref())
        });
        polled(ctx, 2).await;
        Sample::new(d, n).count("polls", ctx.polls())
    })
}

/// Runs `f` on one thread per waker, at once; the time until all are done.
fn contend(ws: Vec<Waker>, f: impl Fn(&Waker) + Send + Sync + Copy + 'static) -> Duration {
    let ready = Arc::new(Barrier::new(ws.len() + 1));
    let start = Arc::new(AtomicBool::new(false));
    let threads: Vec<_> = ws
        .into_iter()
        .map(|w| {
            let (ready, start) = (ready.clone(), start.clone());
            std::thread::spawn(move || {
                ready.wait();
                while !start.load(Ordering::Acquire) {
                    std::hint::spin_loop();
                }
                f(&w);
                Instant::now()
            })
        })
        .collect();
    ready.wait();
    let t = Instant::now();
    start.store(true, Ordering::Release);
    let ends = threads.into_iter().map(|t| t.join().expect("thread"));
    ends.max().expect("a thread") - t
}

pub fn wake_notified(n: u64) -> Sample {
    block_on(async {
        let idle = park(1).await;
        let ctx = idle.ctx;
        let w = ctx.wakers()[0].clone();
        w.wake_by_ref();
        let d = timed(|| (0..n).for_each(|_| black_box(&w).wake_by_ref()));
        polled(ctx, 2).await;
        Sample::new(d, n).count("polls", ctx.polls())
    })
}

pub fn wake_complete(n: u64) -> Sample {
    block_on(async {
        let ctx = Ctx::new(1);
        tokio::spawn(Finished(ctx)).await.expect("finished");
        let w = ctx.wakers()[0].clone();
        let d = timed(|| (0..n).for_each(|_| black_box(&w).wake_by_ref()));
        ctx.forget();
        Sample::new(d, n).count("polls", ctx.polls())
    })
}

/// Wakes idle tasks; only the wakes are timed. By value if `owned`.
pub fn wake_idle(n: u64, owned: bool) -> Sample {
    block_on(async {
        const TASKS: u64 = 256;
        let idle = park(TASKS).await;
        let ctx = idle.ctx;
        let rounds = n.div_ceil(TASKS);
        let mut d = Duration::ZERO;
        for r in 0..rounds {
            if owned {
                let ws = ctx.wakers().clone();
                d += timed(|| ws.into_iter().for_each(|w| w.wake()));
            } else {
                d += timed(|| ctx.wakers().iter().for_each(|w| w.wake_by_ref()));
            }
            polled(ctx, TASKS * (r + 2)).await;
        }
        Sample::new(d, rounds * TASKS).count("polls", ctx.polls())
    })
}

async fn in_poll<F>(ctx: Ctx, f: F) -> Sample
where
    F: Future<Output = ()> + Send + 'static,
{
    tokio::spawn(f).await.expect("task");
    Sample::new(ctx.0.elapsed.get(), ctx.0.limit.get())
        .count("polls", ctx.polls())
        .count("wakes", ctx.wakes())
}

pub fn wake_running(n: u64) -> Sample {
    let ctx = Ctx::new(n);
    block_on(in_poll(ctx, WakeRunning(ctx)))
}

pub fn clone_wake_running(n: u64) -> Sample {
    let ctx = Ctx::new(n);
    block_on(in_poll(ctx, CloneWakeRunning(ctx)))
}

pub fn self_wake(n: u64) -> Sample {
    let ctx = Ctx::new(n);
    let d = block_on(async {
        let h = tokio::spawn(SelfWake(ctx));
        let t = Instant::now();
        h.await.expect("task");
        t.elapsed()
    });
    Sample::new(d, n)
        .count("polls", ctx.polls())
        .count("wakes", ctx.wakes())
}

/// Wakes `batch` idle tasks, then lets them run, `n` wakes in all.
pub fn wake_run_idle(n: u64, batch: u64) -> Sample {
    block_on(async {
        let idle = park(batch).await;
        let ctx = idle.ctx;
        let rounds = n.div_ceil(batch);
        let ws = ctx.wakers().clone();
        let t = Instant::now();
        for r in 0..rounds {
            ws.iter().for_each(|w| w.wake_by_ref());
            polled(ctx, batch * (r + 2)).await;
        }
        Sample::new(t.elapsed(), rounds * batch).count("polls", ctx.polls())
    })
}

pub fn ping_pong(n: u64) -> Sample {
    let ctx = Ctx::new(2 * n);
    let d = block_on(async {
        let (a, b) = (
            tokio::spawn(PingPong(ctx, 0)),
            tokio::spawn(PingPong(ctx, 1)),
        );
        let t = Instant::now();
        b.await.expect("task");
        let d = t.elapsed();
        drop(a);
        d
    });
    ctx.forget();
    Sample::new(d, n)
        .count("polls", ctx.polls())
        .count("wakes", ctx.wakes())
}

pub fn spawn_detached(n: u64, batch: u64) -> Sample {
    let ctx = Ctx::new(0);
    let rounds = n.div_ceil(batch);
    let d = block_on(async {
        let t = Instant::now();
        for r in 0..rounds {
            (0..batch).for_each(|_| drop(tokio::spawn(Once(ctx))));
            polled(ctx, batch * (r + 1)).await;
        }
        t.elapsed()
    });
    Sample::new(d, rounds * batch).count("polls", ctx.polls())
}

pub fn spawn_join(n: u64) -> Sample {
    let ctx = Ctx::new(0);
    let (d, sum) = block_on(async {
        let joiner = tokio::spawn(async move {
            let t = Instant::now();
            let mut sum = 0u64;
            for _ in 0..n {
                sum = sum.wrapping_add(tokio::spawn(Value(ctx)).await.expect("child"));
            }
            (t.elapsed(), sum)
        });
        joiner.await.expect("joiner")
    });
    Sample::new(d, n)
        .count("polls", ctx.polls())
        .count("sum", sum)
}

/// Aborts idle tasks, runs them for the last time, drops their handles.
pub fn abort(n: u64) -> Sample {
    block_on(async {
        let rounds = n.div_ceil(BATCH);
        let (mut d, mut drops) = (Duration::ZERO, 0);
        for _ in 0..rounds {
            let mut idle = park(BATCH).await;
            let (ctx, handles) = (idle.ctx, std::mem::take(&mut idle.handles));
            let t = Instant::now();
            for h in handles {
                h.abort();
                drop(h);
            }
            until(|| ctx.0.drops.get() == BATCH).await;
            d += t.elapsed();
            drops += ctx.0.drops.get();
        }
        Sample::new(d, rounds * BATCH).count("drops", drops)
    })
}

/// Wakes each of `n` idle tasks, in the order they were made or shuffled, then
/// runs them. `ns` is the wake alone; `run` the run. Small sweeps are repeated.
pub fn sweep(n: u64, shuffled: bool) -> Sample {
    block_on(async {
        let idle = park(n).await;
        let ctx = idle.ctx;
        if shuffled {
            shuffle(ctx.wakers());
        }
        let times = (SWEEP_WAKES / n).max(1);
        let (mut d, mut run) = (Duration::ZERO, Duration::ZERO);
        for k in 0..times {
            d += timed(|| ctx.wakers().iter().for_each(|w| w.wake_by_ref()));
            let t = Instant::now();
            polled(ctx, (k + 2) * n).await;
            run += t.elapsed();
        }
        Sample::new(d, n * times)
            .count("polls", ctx.polls())
            .aux("run", run)
    })
}

pub fn idle_bytes(n: u64) -> Sample {
    block_on(async {
        let ctx = Ctx::new(n);
        ctx.wakers().reserve_exact(n as usize);
        let noop = Waker::noop();
        (0..n).for_each(|_| ctx.wakers().push(noop.clone()));
        ctx.wakers().clear();
        let before = rss();
        for i in 0..n {
            drop(tokio::spawn(Parked(ctx)));
            if i % BATCH == BATCH - 1 {
                polled(ctx, i + 1).await;
            }
        }
        polled(ctx, n).await;
        let s = Sample::bytes((rss() - before) / n as f64, n).count("polls", ctx.polls());
        ctx.forget();
        s
    })
}

/// Runs `f` on the waker of a task that stays notified meanwhile. What `f` polls
/// is not made to wait by the runtime's budget.
pub fn with_waker(f: impl FnOnce(&Waker) -> Sample) -> Sample {
    block_on(tokio::task::unconstrained(async {
        let idle = park(1).await;
        let s = f(&idle.ctx.wakers()[0]);
        polled(idle.ctx, 2).await;
        s.count("polls", idle.ctx.polls())
    }))
}
