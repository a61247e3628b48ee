//! Counters and gauges of the server, in the text format of Prometheus.

use std::{
    fmt::Write as _,
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
};

/// A counter, which only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    pub fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A gauge of what is in progress.
#[derive(Debug, Default)]
pub struct Gauge(AtomicI64);

impl Gauge {
    /// Increments the gauge until the guard is dropped.
    pub fn enter(self: &std::sync::Arc<Self>) -> GaugeGuard {
        self.0.fetch_add(1, Ordering::Relaxed);
        GaugeGuard(std::sync::Arc::clone(self))
    }

    pub fn get(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Decrements its gauge when it is dropped.
#[derive(Debug)]
pub struct GaugeGuard(std::sync::Arc<Gauge>);

impl Drop for GaugeGuard {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// All metrics of the server.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Responses by the first digit of their status, from 1 to 5.
    answers: [Counter; 5],
    pub added_changes: Counter,
    pub conflicts: Counter,
    pub batches: Counter,
    pub batched_jobs: Counter,
    pub write_micros: Counter,
    pub failed_writes: Counter,
    pub wrong_tokens: Counter,
    pub followers: std::sync::Arc<Gauge>,
}

impl Metrics {
    /// Counts a response by the class of its status.
    pub fn count_answer(&self, status: axum::http::StatusCode) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(counter) = self.answers.get(class) {
            counter.add(1);
        }
    }

    /// Renders the metrics in the text format of Prometheus. No value names a board or a person.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let mut write = |name: &str, kind: &str, help: &str, lines: &[(&str, String)]| {
            // Writing to a string cannot fail.
            writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}").ok();
            for (labels, value) in lines {
                writeln!(text, "{name}{labels} {value}").ok();
            }
        };
        let classes =
            ["1xx", "2xx", "3xx", "4xx", "5xx"].map(|class| format!("{{status=\"{class}\"}}"));
        let answers: Vec<_> = classes
            .iter()
            .zip(&self.answers)
            .map(|(class, counter)| (class.as_str(), counter.get().to_string()))
            .collect();
        write(
            "cruxboard_answers_total",
            "counter",
            "Responses by class of status.",
            &answers,
        );
        for (name, help, counter) in [
            (
                "changes_added",
                "Changes added to boards.",
                &self.added_changes,
            ),
            (
                "conflicts",
                "Changes refused because another change has their id.",
                &self.conflicts,
            ),
            ("batches", "Write transactions committed.", &self.batches),
            (
                "batched_jobs",
                "Jobs written in these transactions.",
                &self.batched_jobs,
            ),
            (
                "failed_writes",
                "Jobs that could not be written.",
                &self.failed_writes,
            ),
            (
                "wrong_tokens",
                "Requests with an unknown, expired or revoked token.",
                &self.wrong_tokens,
            ),
        ] {
            let value = counter.get().to_string();
            write(
                &format!("cruxboard_{name}_total"),
                "counter",
                help,
                &[("", value)],
            );
        }
        let seconds = self.write_micros.get() as f64 / 1e6;
        write(
            "cruxboard_write_seconds_total",
            "counter",
            "Time spent in write transactions.",
            &[("", seconds.to_string())],
        );
        write(
            "cruxboard_followers",
            "gauge",
            "Requests that wait for changes: long polls and event streams.",
            &[("", self.followers.get().to_string())],
        );
        text
    }
}
