//! What one timed run of an operation reports.

use std::time::{Duration, Instant};

/// Time taken by `ops` operations, and how much work was really done.
///
/// The counters are the same on both sides of a comparison: the report refuses
/// a pair whose counters differ.
pub struct Sample {
    /// Figure of merit when it is not a time (bytes per task).
    pub value: Option<f64>,
    pub elapsed: Duration,
    pub ops: u64,
    pub work: Vec<(&'static str, u64)>,
    /// A second time, in ns per operation: shown, not compared.
    pub aux: Option<(&'static str, f64)>,
}

impl Sample {
    pub fn new(elapsed: Duration, ops: u64) -> Self {
        Sample {
            value: None,
            elapsed,
            ops,
            work: Vec::new(),
            aux: None,
        }
    }

    pub fn bytes(bytes: f64, ops: u64) -> Self {
        Sample {
            value: Some(bytes),
            elapsed: Duration::ZERO,
            ops,
            work: Vec::new(),
            aux: None,
        }
    }

    pub fn count(mut self, what: &'static str, n: u64) -> Self {
        self.work.push((what, n));
        self
    }

    pub fn aux(mut self, what: &'static str, d: Duration) -> Self {
        self.aux = Some((what, d.as_nanos() as f64 / self.ops as f64));
        self
    }

    /// `op<TAB>ns per op<TAB>ops=N polls=N wakes=N[<TAB>aux=ns]`
    pub fn line(&self, op: &str) -> String {
        let v = self
            .value
            .unwrap_or_else(|| self.elapsed.as_nanos() as f64 / self.ops as f64);
        let mut s = format!("{op}\t{v:.3}\tops={}", self.ops);
        for (k, n) in &self.work {
            s.push_str(&format!(" {k}={n}"));
        }
        if let Some((k, ns)) = self.aux {
            s.push_str(&format!("\t{k}={ns:.3}"));
        }
        s
    }
}

/// How many wakes a sample of sweeps makes at least.
pub const SWEEP_WAKES: u64 = 100_000;

/// Times `f`.
pub fn timed(f: impl FnOnce()) -> Duration {
    let t = Instant::now();
    f();
    t.elapsed()
}

/// Resident set size in bytes.
pub fn rss() -> f64 {
    let s = std::fs::read_to_string("/proc/self/statm").expect("statm");
    let pages: f64 = s
        .split(' ')
        .nth(1)
        .and_then(|p| p.parse().ok())
        .expect("statm: resident");
    pages * 4096.0
}

/// Puts `v` in the order of a fixed pseudo-random permutation, the same one as
/// in the Go program.
pub fn shuffle<T>(v: &mut [T]) {
    let mut x: u64 = 0x9E37_79B9_7F4A_7C15;
    for i in (1..v.len()).rev() {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        v.swap(i, (x % (i as u64 + 1)) as usize);
    }
}
