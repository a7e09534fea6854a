//! cordyceps' intrusive queue: many producers, one consumer.

use crate::sample::*;
use cordyceps::mpsc_queue::{Links, MpscQueue};
use cordyceps::Linked;
use std::hint::black_box;
use std::ptr::{addr_of_mut, NonNull};
use std::sync::{Arc, Barrier};

pub struct Node {
    links: Links<Node>,
}

/// A pointer to a node that is never freed.
pub struct Handle(NonNull<Node>);
unsafe impl Send for Handle {}

impl Default for Handle {
    fn default() -> Self {
        Handle(NonNull::from(Box::leak(Box::new(Node {
            links: Links::new(),
        }))))
    }
}

unsafe impl Linked<Links<Node>> for Node {
    type Handle = Handle;
    fn into_ptr(h: Handle) -> NonNull<Self> {
        h.0
    }
    unsafe fn from_ptr(p: NonNull<Self>) -> Handle {
        Handle(p)
    }
    unsafe fn links(p: NonNull<Self>) -> NonNull<Links<Node>> {
        NonNull::new_unchecked(addr_of_mut!((*p.as_ptr()).links))
    }
}

/// Pushes and pops on one thread, `batch` at a time.
pub fn one_thread(n: u64, batch: u64) -> Sample {
    let q = MpscQueue::<Node>::new();
    let consumer = q.consume();
    let mut nodes: Vec<Handle> = (0..batch).map(|_| Handle::default()).collect();
    let rounds = n.div_ceil(batch);
    let mut popped = 0;
    let d = timed(|| {
        for _ in 0..rounds {
            for h in nodes.drain(..) {
                black_box(&q).enqueue(h);
            }
            while let Some(h) = black_box(&consumer).dequeue() {
                nodes.push(h);
                popped += 1;
            }
        }
    });
    Sample::new(d, rounds * batch).count("popped", popped)
}

/// `producers` threads push while this one pops, in rounds of `ROUND` nodes
/// each; the time from the start of a round until its last node is popped.
pub fn producers(n: u64, producers: usize) -> Sample {
    const ROUND: usize = 1 << 14;
    let rounds = n.div_ceil((ROUND * producers) as u64);
    let q = Arc::new(MpscQueue::<Node>::new());
    let gate = Arc::new(Barrier::new(producers + 1));
    let threads: Vec<_> = (0..producers)
        .map(|_| {
            let (q, gate) = (q.clone(), gate.clone());
            std::thread::spawn(move || {
                let nodes: Vec<Handle> = (0..ROUND).map(|_| Handle::default()).collect();
                for _ in 0..rounds {
                    gate.wait();
                    nodes.iter().for_each(|h| q.enqueue(Handle(h.0)));
                    gate.wait(); // all popped
                }
            })
        })
        .collect();
    let (mut d, mut popped) = (std::time::Duration::ZERO, 0u64);
    {
        let consumer = q.consume();
        for _ in 0..rounds {
            gate.wait();
            d += timed(|| {
                let (mut left, mut idle) = (ROUND * producers, 0u32);
                while left > 0 {
                    if consumer.dequeue().is_some() {
                        left -= 1;
                        popped += 1;
                        idle = 0;
                        continue;
                    }
                    idle += 1;
                    if idle > 64 {
                        std::thread::yield_now();
                    } else {
                        std::hint::spin_loop();
                    }
                }
            });
            gate.wait();
        }
    }
    threads
        .into_iter()
        .for_each(|t| t.join().expect("producer"));
    Sample::new(d, popped).count("popped", popped)
}
