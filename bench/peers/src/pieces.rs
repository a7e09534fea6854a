//! What runtimes are made of besides tasks: crossbeam's deque and parker,
//! tokio's Notify and Semaphore.

use crate::sample::*;
use crossbeam_deque::{Steal, Stealer, Worker};
use crossbeam_utils::sync::{Parker, Unparker};
use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::Arc;
use std::task::{Context, Waker};
use std::thread::{self, Thread};
use std::time::Instant;
use tokio::sync::{Notify, Semaphore};

/// The owner of a queue pushes and pops, `batch` at a time.
pub fn deque_owner(n: u64, batch: u64) -> Sample {
    let w = Worker::new_fifo();
    let rounds = n.div_ceil(batch);
    let mut popped = 0;
    let d = timed(|| {
        for _ in 0..rounds {
            (0..batch).for_each(|i| black_box(&w).push(i));
            while let Some(t) = black_box(&w).pop() {
                black_box(t);
                popped += 1;
            }
        }
    });
    Sample::new(d, rounds * batch).count("popped", popped)
}

/// A thief takes what there is, half of it each time, and pops what it took.
fn loot(thief: &Worker<u64>, from: &Stealer<u64>) -> u64 {
    let mut taken = 0;
    loop {
        match from.steal_batch_and_pop(thief) {
            Steal::Success(t) => {
                black_box(t);
                taken += 1;
                while let Some(t) = thief.pop() {
                    black_box(t);
                    taken += 1;
                }
            }
            Steal::Retry => {}
            Steal::Empty => return taken,
        }
    }
}

/// The owner pushes `batch`, and a thief takes them all, on one thread.
pub fn deque_steal(n: u64, batch: u64) -> Sample {
    let (w, thief) = (Worker::new_fifo(), Worker::new_fifo());
    let from = w.stealer();
    let rounds = n.div_ceil(batch);
    let mut popped = 0;
    let d = timed(|| {
        for _ in 0..rounds {
            (0..batch).for_each(|i| black_box(&w).push(i));
            popped += loot(black_box(&thief), black_box(&from));
        }
    });
    Sample::new(d, rounds * batch).count("popped", popped)
}

/// One worker pushes 32 and pops half of them again and again, then the rest;
/// the others steal from it. Rounds of `ROUND`, until all of one were taken.
pub fn deque_workers(n: u64, workers: usize) -> Sample {
    const ROUND: u64 = 1 << 14;
    const BATCH: u64 = 32;
    let rounds = n.div_ceil(ROUND);
    let w = Worker::new_fifo();
    let stolen = Arc::new(AtomicU64::new(0));
    let (start, stop) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let thieves: Vec<_> = (1..workers)
        .map(|_| {
            let (from, stolen) = (w.stealer(), stolen.clone());
            let (start, stop) = (start.clone(), stop.clone());
            thread::spawn(move || {
                let thief = Worker::new_fifo();
                while !start.load(Ordering::Acquire) {
                    thread::yield_now();
                }
                while !stop.load(Ordering::Relaxed) {
                    match loot(&thief, &from) {
                        0 => thread::yield_now(),
                        taken => {
                            stolen.fetch_add(taken, Ordering::Relaxed);
                        }
                    }
                }
            })
        })
        .collect();
    let mut popped = 0;
    start.store(true, Ordering::Release);
    let d = timed(|| {
        for r in 1..=rounds {
            for _ in 0..ROUND / BATCH {
                (0..BATCH).for_each(|i| w.push(i));
                for _ in 0..BATCH / 2 {
                    popped += w.pop().is_some() as u64;
                }
            }
            while w.pop().is_some() {
                popped += 1;
            }
            while popped + stolen.load(Ordering::Relaxed) < r * ROUND {
                thread::yield_now();
            }
        }
    });
    stop.store(true, Ordering::Relaxed);
    thieves.into_iter().for_each(|t| t.join().expect("thief"));
    popped += stolen.load(Ordering::Relaxed);
    Sample::new(d, rounds * ROUND).count("popped", popped)
}

/// A thread that was told before goes on at once.
pub fn park_permit(n: u64) -> Sample {
    let p = Parker::new();
    let u = p.unparker().clone();
    let d = timed(|| {
        for _ in 0..n {
            black_box(&u).unpark();
            black_box(&p).park();
        }
    });
    Sample::new(d, n)
}

pub fn std_park_permit(n: u64) -> Sample {
    let me = thread::current();
    let d = timed(|| {
        for _ in 0..n {
            black_box(&me).unpark();
            thread::park();
        }
    });
    Sample::new(d, n)
}

/// Two threads tell each other to go on, round trip.
pub fn park_ping_pong(n: u64) -> Sample {
    let (a, b) = (Parker::new(), Parker::new());
    let (ua, ub): (Unparker, Unparker) = (a.unparker().clone(), b.unparker().clone());
    let other = thread::spawn(move || {
        for _ in 0..n {
            b.park();
            ua.unpark();
        }
    });
    let d = timed(|| {
        for _ in 0..n {
            ub.unpark();
            a.park();
        }
    });
    other.join().expect("the other");
    Sample::new(d, n)
}

pub fn std_park_ping_pong(n: u64) -> Sample {
    // A permit may be spurious: a turn says whose it is.
    let turn = Arc::new(AtomicU64::new(0));
    let (first, theirs): (Thread, _) = (thread::current(), turn.clone());
    let play = |turn: &AtomicU64, me: u64, other: &Thread| {
        for k in 0..n {
            while turn.load(Ordering::Acquire) != 2 * k + me {
                thread::park();
            }
            turn.store(2 * k + me + 1, Ordering::Release);
            other.unpark();
        }
    };
    thread::scope(|s| {
        let second = s.spawn(move || play(&theirs, 1, &first));
        let t = Instant::now();
        play(&turn, 0, second.thread());
        second.join().expect("the other");
        Sample::new(t.elapsed(), n)
    })
}

/// A notification with nobody waiting, and a task that takes it.
pub fn notify_wait(n: u64) -> Sample {
    let (q, mut cx) = (Notify::new(), Context::from_waker(Waker::noop()));
    let mut ready = 0;
    let d = timed(|| {
        for _ in 0..n {
            black_box(&q).notify_one();
            ready += pin!(black_box(&q).notified()).poll(&mut cx).is_ready() as u64;
        }
    });
    Sample::new(d, n).count("ready", ready)
}

/// A notification that is kept already.
pub fn notify_kept(n: u64) -> Sample {
    let q = Notify::new();
    let d = timed(|| (0..n).for_each(|_| black_box(&q).notify_one()));
    Sample::new(d, n)
}

/// A task waits, is notified, and goes on.
pub fn wait_woken(n: u64, w: &Waker) -> Sample {
    let (q, mut cx) = (Notify::new(), Context::from_waker(w));
    let mut ready = 0;
    let d = timed(|| {
        for _ in 0..n {
            let mut f = pin!(black_box(&q).notified());
            assert!(f.as_mut().poll(&mut cx).is_pending());
            black_box(&q).notify_one();
            ready += f.as_mut().poll(&mut cx).is_ready() as u64;
        }
    });
    Sample::new(d, n).count("ready", ready)
}

/// A permit that is there is acquired and released.
pub fn semaphore(n: u64) -> Sample {
    let (q, mut cx) = (Semaphore::new(1), Context::from_waker(Waker::noop()));
    let mut ready = 0;
    let d = timed(|| {
        for _ in 0..n {
            ready += pin!(black_box(&q).acquire()).poll(&mut cx).is_ready() as u64;
        }
    });
    Sample::new(d, n).count("ready", ready)
}

pub fn semaphore_try(n: u64) -> Sample {
    let q = Semaphore::new(1);
    let mut ready = 0;
    let d = timed(|| (0..n).for_each(|_| ready += black_box(&q).try_acquire().is_ok() as u64));
    Sample::new(d, n).count("ready", ready)
}

/// A task waits for a permit, which another releases, and goes on.
pub fn semaphore_woken(n: u64, w: &Waker) -> Sample {
    let (q, mut cx) = (Semaphore::new(0), Context::from_waker(w));
    let mut ready = 0;
    let d = timed(|| {
        for _ in 0..n {
            let mut f = pin!(black_box(&q).acquire());
            assert!(f.as_mut().poll(&mut cx).is_pending());
            black_box(&q).add_permits(1);
            if let std::task::Poll::Ready(Ok(permit)) = f.as_mut().poll(&mut cx) {
                permit.forget();
                ready += 1;
            }
        }
    });
    Sample::new(d, n).count("ready", ready)
}
