//! Sleeping futures, and the thread that wakes them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, OnceLock};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

#[derive(Default)]
struct Place {
    waker: Option<Waker>,
    fired: bool,
}

struct Entry {
    at: Instant,
    place: Arc<Mutex<Place>>,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}
impl Eq for Entry {}
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.at.cmp(&other.at)
    }
}

#[derive(Default)]
struct Timer {
    entries: Mutex<BinaryHeap<Reverse<Entry>>>,
    changed: Condvar,
}

static TIMER: OnceLock<&'static Timer> = OnceLock::new();

/// The timer of the process. The first call starts its thread.
fn timer() -> &'static Timer {
    TIMER.get_or_init(|| {
        let t: &'static Timer = Box::leak(Box::default());
        std::thread::spawn(|| t.run());
        t
    })
}

impl Timer {
    fn run(&self) {
        loop {
            let place = self.next();
            let waker = {
                let mut p = place.lock().unwrap();
                p.fired = true;
                p.waker.take()
            };
            if let Some(w) = waker {
                w.wake(); // with no lock held: it calls Go
            }
        }
    }

    /// Waits for the next entry that is due.
    fn next(&self) -> Arc<Mutex<Place>> {
        let mut entries = self.entries.lock().unwrap();
        loop {
            let now = Instant::now();
            let wait = match entries.peek() {
                None => Duration::from_secs(3600),
                Some(Reverse(e)) if e.at <= now => return entries.pop().unwrap().0.place,
                Some(Reverse(e)) => e.at - now,
            };
            entries = self.changed.wait_timeout(entries, wait).unwrap().0;
        }
    }

    fn add(&self, at: Instant, place: Arc<Mutex<Place>>) {
        let mut entries = self.entries.lock().unwrap();
        let first = entries.peek().map_or(true, |Reverse(e)| at < e.at);
        entries.push(Reverse(Entry { at, place }));
        if first {
            self.changed.notify_one();
        }
    }
}

pub struct Sleep {
    at: Instant,
    place: Option<Arc<Mutex<Place>>>,
}

pub fn sleep(d: Duration) -> Sleep {
    Sleep { at: Instant::now() + d, place: None }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(place) = &self.place {
            let mut p = place.lock().unwrap();
            if p.fired {
                return Poll::Ready(());
            }
            let old = match &p.waker {
                Some(w) if w.will_wake(cx.waker()) => None,
                _ => p.waker.replace(cx.waker().clone()),
            };
            drop(p);
            drop(old); // calls Go, with no lock held
            return Poll::Pending;
        }
        let place = Arc::new(Mutex::new(Place { waker: Some(cx.waker().clone()), fired: false }));
        timer().add(self.at, place.clone());
        self.place = Some(place);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(place) = &self.place {
            // The entry stays until it is due, and finds nothing to wake.
            let waker = place.lock().unwrap().waker.take();
            drop(waker);
        }
    }
}
