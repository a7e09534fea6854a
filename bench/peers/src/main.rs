//! Runs one operation of a Rust task kit and prints what it cost.
//!
//! ```text
//! peers --list
//! peers --op tokio/self-wake --iters 1000000 --samples 5
//! peers --serve        # reads lines "OP ITERS", answers each with one line
//! ```
//!
//! Answer: `op<TAB>ns per op<TAB>ops=N counter=N…[<TAB>aux=ns]`.

mod at;
mod cells;
mod futures;
mod pieces;
mod queues;
mod runtimes;
mod sample;
mod tk;

use sample::Sample;
use std::io::{BufRead, Write};

type Op = (&'static str, fn(u64, usize) -> Sample);

/// Every operation: iterations and, for contended ones, threads.
/// A name ending in `@` is run as `name@THREADS`.
const OPS: &[Op] = &[
    ("tokio/clone-drop", |n, _| tk::clone_drop(n)),
    ("tokio/clone-drop-same@", |n, t| {
        tk::clone_drop_threads(n, t, true)
    }),
    ("tokio/clone-drop-different@", |n, t| {
        tk::clone_drop_threads(n, t, false)
    }),
    ("tokio/will-wake", |n, _| tk::will_wake(n)),
    ("tokio/wake-idle", |n, _| tk::wake_idle(n, false)),
    ("tokio/wake-val-idle", |n, _| tk::wake_idle(n, true)),
    ("tokio/wake-notified", |n, _| tk::wake_notified(n)),
    ("tokio/wake-notified@", |n, t| {
        tk::wake_notified_threads(n, t)
    }),
    ("tokio/wake-running", |n, _| tk::wake_running(n)),
    ("tokio/wake-complete", |n, _| tk::wake_complete(n)),
    ("tokio/clone-wake-running", |n, _| tk::clone_wake_running(n)),
    ("tokio/self-wake", |n, _| tk::self_wake(n)),
    ("tokio/wake-run-idle", |n, _| tk::wake_run_idle(n, 1)),
    ("tokio/wake-run-idle-32", |n, _| tk::wake_run_idle(n, 32)),
    ("tokio/ping-pong", |n, _| tk::ping_pong(n)),
    ("tokio/spawn-detached", |n, _| tk::spawn_detached(n, 1)),
    ("tokio/spawn-detached-32", |n, _| tk::spawn_detached(n, 32)),
    ("tokio/spawn-join", |n, _| tk::spawn_join(n)),
    ("tokio/abort-idle", |n, _| tk::abort(n)),
    ("tokio/sweep", |n, _| tk::sweep(n, false)),
    ("tokio/sweep-shuffled", |n, _| tk::sweep(n, true)),
    ("tokio/idle-bytes", |n, _| tk::idle_bytes(n)),
    ("async-task/clone-drop", |n, _| at::clone_drop(n)),
    ("async-task/will-wake", |n, _| at::will_wake(n)),
    ("async-task/wake-idle", |n, _| at::wake_idle(n, false)),
    ("async-task/wake-val-idle", |n, _| at::wake_idle(n, true)),
    ("async-task/wake-notified", |n, _| at::wake_notified(n)),
    ("async-task/wake-running", |n, _| at::wake_running(n)),
    ("async-task/wake-complete", |n, _| at::wake_complete(n)),
    ("async-task/clone-wake-running", |n, _| {
        at::clone_wake_running(n)
    }),
    ("async-task/self-wake", |n, _| at::self_wake(n)),
    ("async-task/wake-run-idle", |n, _| at::wake_run_idle(n, 1)),
    ("async-task/wake-run-idle-32", |n, _| {
        at::wake_run_idle(n, 32)
    }),
    ("async-task/ping-pong", |n, _| at::ping_pong(n)),
    ("async-task/spawn-detached", |n, _| at::spawn_detached(n, 1)),
    ("async-task/spawn-detached-32", |n, _| {
        at::spawn_detached(n, 32)
    }),
    ("async-task/spawn-join", |n, _| at::spawn_join(n)),
    ("async-task/abort-idle", |n, _| at::abort(n)),
    ("async-task/sweep", |n, _| at::sweep(n, false)),
    ("async-task/sweep-shuffled", |n, _| at::sweep(n, true)),
    ("async-task/idle-bytes", |n, _| at::idle_bytes(n)),
    ("atomic-waker+tokio/register-wake", |n, _| {
        tk::with_waker(|w| cells::atomic_waker_of(n, w))
    }),
    ("atomic-waker+async-task/register-wake", |n, _| {
        at::with_waker(|w| cells::atomic_waker_of(n, w))
    }),
    ("diatomic-waker+tokio/register-wake", |n, _| {
        tk::with_waker(|w| cells::diatomic_of(n, w))
    }),
    ("diatomic-waker+async-task/register-wake", |n, _| {
        at::with_waker(|w| cells::diatomic_of(n, w))
    }),
    ("atomic-waker/register-wake-plain", |n, _| {
        cells::atomic_waker(n)
    }),
    ("diatomic-waker/register-wake-plain", |n, _| {
        cells::diatomic(n)
    }),
    ("atomic-waker+tokio/register-same", |n, _| {
        tk::with_waker(|w| cells::atomic_waker_same(n, w))
    }),
    ("atomic-waker/wake-empty", |n, _| {
        cells::atomic_waker_empty(n)
    }),
    ("slab/owned", |n, _| cells::slab_owned(n)),
    ("cordyceps/queue", |n, _| queues::one_thread(n, 1)),
    ("cordyceps/queue-32", |n, _| queues::one_thread(n, 32)),
    ("cordyceps/queue-producers@", |n, t| queues::producers(n, t)),
    ("crossbeam-deque/steal-queue", |n, _| pieces::deque_owner(n, 1)),
    ("crossbeam-deque/steal-queue-32", |n, _| {
        pieces::deque_owner(n, 32)
    }),
    ("crossbeam-deque/steal", |n, _| pieces::deque_steal(n, 1)),
    ("crossbeam-deque/steal-32", |n, _| {
        pieces::deque_steal(n, 32)
    }),
    ("crossbeam-deque/steal-workers@", |n, t| {
        pieces::deque_workers(n, t)
    }),
    ("crossbeam/park-permit", |n, _| pieces::park_permit(n)),
    ("crossbeam/park-ping-pong", |n, _| pieces::park_ping_pong(n)),
    ("rust-std/park-permit", |n, _| pieces::std_park_permit(n)),
    ("rust-std/park-ping-pong", |n, _| {
        pieces::std_park_ping_pong(n)
    }),
    ("tokio/notify-wait", |n, _| pieces::notify_wait(n)),
    ("tokio/notify-kept", |n, _| pieces::notify_kept(n)),
    ("tokio/wait-woken", |n, _| {
        tk::with_waker(|w| pieces::wait_woken(n, w))
    }),
    ("tokio/semaphore", |n, _| pieces::semaphore(n)),
    ("tokio/semaphore-try", |n, _| pieces::semaphore_try(n)),
    ("tokio/semaphore-woken", |n, _| {
        tk::with_waker(|w| pieces::semaphore_woken(n, w))
    }),
    ("tokio-current/spawn-join-all@", |n, t| {
        runtimes::spawn_join_all(runtimes::current(t), n)
    }),
    ("tokio-multi/spawn-join-all@", |n, t| {
        runtimes::spawn_join_all(runtimes::multi(t), n)
    }),
    ("tokio-current/yield@", |n, t| {
        runtimes::yields(runtimes::current(t), n)
    }),
    ("tokio-multi/yield@", |n, t| {
        runtimes::yields(runtimes::multi(t), n)
    }),
    ("tokio-current/channel@", |n, t| {
        runtimes::channel(runtimes::current(t), n)
    }),
    ("tokio-multi/channel@", |n, t| {
        runtimes::channel(runtimes::multi(t), n)
    }),
];

fn run(name: &str, iters: u64) -> Result<String, String> {
    let (base, threads) = match name.split_once('@') {
        Some((base, t)) => {
            let t: usize = t.parse().map_err(|_| format!("{name}: bad thread count"))?;
            (format!("{base}@"), t)
        }
        None => (name.to_string(), 1),
    };
    if iters == 0 || threads == 0 {
        return Err(format!("{name}: iterations and threads start at 1"));
    }
    let (_, f) = OPS
        .iter()
        .find(|(n, _)| *n == base)
        .ok_or_else(|| format!("unknown operation {name}; see --list"))?;
    Ok(f(iters, threads).line(name))
}

fn serve() -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|e| e.to_string())?;
        let (op, n) = line
            .split_once(' ')
            .ok_or_else(|| format!("want \"OP ITERS\", got {line:?}"))?;
        let n = n.parse().map_err(|_| format!("{line:?}: bad count"))?;
        writeln!(out, "{}", run(op, n)?)
            .and_then(|()| out.flush())
            .map_err(|e| e.to_string())?;
    }
    Ok(())
}

fn cli(args: &[String]) -> Result<(), String> {
    let (mut op, mut iters, mut samples) = (None, 1_000_000u64, 1u64);
    let mut it = args.iter();
    while let Some(a) = it.next() {
        let mut value = || {
            it.next()
                .cloned()
                .ok_or_else(|| format!("{a} needs a value"))
        };
        match a.as_str() {
            "--list" => {
                OPS.iter().for_each(|(n, _)| println!("{n}"));
                return Ok(());
            }
            "--serve" => return serve(),
            "--op" => op = Some(value()?),
            "--iters" => {
                iters = value()?
                    .parse()
                    .map_err(|_| "--iters: not a count".to_string())?
            }
            "--samples" => {
                samples = value()?
                    .parse()
                    .map_err(|_| "--samples: not a count".to_string())?
            }
            _ => return Err(format!("unknown argument {a}")),
        }
    }
    let op = op.ok_or("want --op NAME, --serve or --list")?;
    for _ in 0..samples {
        println!("{}", run(&op, iters)?);
    }
    Ok(())
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let Err(e) = cli(&args) {
        eprintln!("peers: {e}");
        std::process::exit(2);
    }
}
