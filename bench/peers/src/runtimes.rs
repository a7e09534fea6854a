//! tokio's runtimes as their users use them.

use crate::sample::*;
use std::future::Future;
use std::time::Instant;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tokio::task::yield_now;

pub fn current(_threads: usize) -> Runtime {
    Builder::new_current_thread().build().expect("runtime")
}

pub fn multi(threads: usize) -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(threads)
        .build()
        .expect("runtime")
}

/// Runs `f` as a task of `rt`, on a worker if it has any.
fn run<T: Send + 'static>(rt: &Runtime, f: impl Future<Output = T> + Send + 'static) -> T {
    rt.block_on(async { tokio::spawn(f).await.expect("task") })
}

/// A task spawns `n` others, and joins them all.
pub fn spawn_join_all(rt: Runtime, n: u64) -> Sample {
    let (d, sum) = run(&rt, async move {
        let t = Instant::now();
        let all: Vec<_> = (1..=n).map(|i| tokio::spawn(async move { i })).collect();
        let mut sum = 0u64;
        for j in all {
            sum += j.await.expect("task");
        }
        (t.elapsed(), sum)
    });
    Sample::new(d, n).count("sum", sum)
}

/// A task that lets the others go first, of which there are none.
pub fn yields(rt: Runtime, n: u64) -> Sample {
    let (d, polls) = run(&rt, async move {
        let (t, mut polls) = (Instant::now(), 0);
        for _ in 0..n {
            yield_now().await;
            polls += 1;
        }
        (t.elapsed(), polls)
    });
    Sample::new(d, n).count("yields", polls)
}

/// How many messages a bounded channel holds.
const CAPACITY: usize = 64;

/// One task sends, another receives.
pub fn channel(rt: Runtime, n: u64) -> Sample {
    let (d, sum) = run(&rt, async move {
        let t = Instant::now();
        let (tx, mut rx) = mpsc::channel::<u64>(CAPACITY);
        tokio::spawn(async move {
            for i in 1..=n {
                tx.send(i).await.expect("the receiver");
            }
        });
        let mut sum = 0u64;
        while let Some(i) = rx.recv().await {
            sum += i;
        }
        (t.elapsed(), sum)
    });
    Sample::new(d, n).count("sum", sum)
}
