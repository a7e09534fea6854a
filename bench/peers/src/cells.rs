//! Cells that hold the waker of one waiting task, and the shelf of live tasks.

use crate::sample::*;
use diatomic_waker::DiatomicWaker;
use futures_util::task::AtomicWaker;
use slab::Slab;
use std::cell::Cell;
use std::hint::black_box;
use std::sync::Mutex;
use std::task::{RawWaker, RawWakerVTable, Waker};

/// A waker that counts its wakes in a plain cell, so that the figures are
/// those of the waker cell alone.
fn counting(n: &Cell<u64>) -> Waker {
    const VTABLE: RawWakerVTable =
        RawWakerVTable::new(|p| RawWaker::new(p, &VTABLE), bump, bump, |_| {});
    fn bump(p: *const ()) {
        let n = unsafe { &*(p as *const Cell<u64>) };
        n.set(n.get() + 1);
    }
    // The counter outlives every cell it is registered with, on one thread.
    unsafe { Waker::from_raw(RawWaker::new(n as *const _ as *const (), &VTABLE)) }
}

/// Registers a waker and wakes it; `counting` if there is no other.
pub fn atomic_waker(n: u64) -> Sample {
    let wakes = Cell::new(0);
    atomic_waker_of(n, &counting(&wakes)).count("wakes", wakes.get())
}

pub fn atomic_waker_of(n: u64, w: &Waker) -> Sample {
    let cell = AtomicWaker::new();
    let d = timed(|| {
        for _ in 0..n {
            black_box(&cell).register(black_box(w));
            black_box(&cell).wake();
        }
    });
    Sample::new(d, n)
}

/// Registers the waker that is already there: no wake in between.
pub fn atomic_waker_same(n: u64, w: &Waker) -> Sample {
    let cell = AtomicWaker::new();
    let d = timed(|| (0..n).for_each(|_| black_box(&cell).register(black_box(w))));
    cell.wake();
    Sample::new(d, n)
}

pub fn atomic_waker_empty(n: u64) -> Sample {
    let cell = AtomicWaker::new();
    Sample::new(timed(|| (0..n).for_each(|_| black_box(&cell).wake())), n)
}

pub fn diatomic(n: u64) -> Sample {
    let wakes = Cell::new(0);
    diatomic_of(n, &counting(&wakes)).count("wakes", wakes.get())
}

pub fn diatomic_of(n: u64, w: &Waker) -> Sample {
    let cell = DiatomicWaker::new();
    let d = timed(|| {
        for _ in 0..n {
            // One thread registers, as the contract asks.
            unsafe { black_box(&cell).register(black_box(w)) };
            black_box(&cell).notify();
        }
    });
    Sample::new(d, n)
}

/// Adds and removes a task among `LIVE` others, the way async-executor keeps
/// them: a slab of wakers behind a mutex.
pub fn slab_owned(n: u64) -> Sample {
    const LIVE: usize = 1000;
    let shelf = Mutex::new(Slab::new());
    let wakes = Cell::new(0);
    let w = counting(&wakes);
    for _ in 0..LIVE {
        shelf.lock().unwrap().insert(w.clone());
    }
    let d = timed(|| {
        for _ in 0..n {
            let key = black_box(&shelf)
                .lock()
                .unwrap()
                .insert(black_box(&w).clone());
            black_box(&shelf).lock().unwrap().remove(black_box(key));
        }
    });
    let live = shelf.lock().unwrap().len() as u64;
    Sample::new(d, n).count("live", live)
}
