//! The metrics of the server, in the text format of Prometheus.
//!
//! Each server has a recorder of its own instead of the global one of the `metrics` crate, so that servers in
//! one process, as in tests, count apart. No label names a board or a person.

use std::{sync::Weak, time::Duration};

use axum::http::{Method, StatusCode};
use metrics::{Counter, Gauge, Histogram, Key, Label, Level, Metadata, Recorder as _};
use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

const ANSWERS: &str = "cruxboard_answers_total";
const REQUEST_SECONDS: &str = "cruxboard_request_seconds";
const WRITE_SECONDS: &str = "cruxboard_write_seconds";
/// Upper bounds of the buckets of histograms, in seconds.
const BUCKETS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// Interval at which the samples of histograms are added to their buckets.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);
const METADATA: Metadata<'static> = Metadata::new("cruxboard", Level::INFO, None);

/// All metrics of a server.
pub struct Metrics {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    /// Responses by the first digit of their status, from 1 to 5.
    answers: [Counter; 5],
    pub added_changes: Counter,
    pub conflicts: Counter,
    pub batches: Counter,
    pub batched_jobs: Counter,
    /// Durations of write transactions, in seconds.
    pub write_seconds: Histogram,
    pub failed_writes: Counter,
    pub wrong_tokens: Counter,
    followers: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let histograms = Matcher::Suffix("_seconds".to_owned());
        let builder = PrometheusBuilder::new();
        // The only error is an empty list of buckets.
        let builder = builder.set_buckets_for_metric(histograms, &BUCKETS);
        let recorder = builder.unwrap_or_default().build_recorder();
        let counter = |name, help: &'static str| {
            recorder.describe_counter(name_of(name), None, help.into());
            recorder.register_counter(&Key::from_static_name(name), &METADATA)
        };
        recorder.describe_counter(
            name_of(ANSWERS),
            None,
            "Responses by class of status.".into(),
        );
        let answers = ["1xx", "2xx", "3xx", "4xx", "5xx"].map(|class| {
            let key = Key::from_parts(ANSWERS, vec![Label::new("status", class)]);
            recorder.register_counter(&key, &METADATA)
        });
        recorder.describe_histogram(
            name_of(REQUEST_SECONDS),
            None,
            "Time until the response begins, by route and method, without long polls that waited."
                .into(),
        );
        recorder.describe_histogram(
            name_of(WRITE_SECONDS),
            None,
            "Duration of write transactions.".into(),
        );
        recorder.describe_gauge(
            name_of("cruxboard_followers"),
            None,
            "Requests that wait for changes: long polls and event streams.".into(),
        );
        Self {
            answers,
            added_changes: counter("cruxboard_changes_added_total", "Changes added to boards."),
            conflicts: counter(
                "cruxboard_conflicts_total",
                "Changes refused because another change has their id.",
            ),
            batches: counter("cruxboard_batches_total", "Write transactions committed."),
            batched_jobs: counter(
                "cruxboard_batched_jobs_total",
                "Jobs written in these transactions.",
            ),
            write_seconds: recorder
                .register_histogram(&Key::from_static_name(WRITE_SECONDS), &METADATA),
            failed_writes: counter(
                "cruxboard_failed_writes_total",
                "Jobs that could not be written.",
            ),
            wrong_tokens: counter(
                "cruxboard_wrong_tokens_total",
                "Requests with an unknown, expired or revoked token.",
            ),
            followers: recorder
                .register_gauge(&Key::from_static_name("cruxboard_followers"), &METADATA),
            handle: recorder.handle(),
            recorder,
        }
    }
}

fn name_of(name: &'static str) -> metrics::KeyName {
    metrics::KeyName::from_const_str(name)
}

impl Metrics {
    /// Counts a response by the class of its status.
    pub fn count_answer(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(counter) = self.answers.get(class) {
            counter.increment(1);
        }
    }

    /// Records how long a request took. `route` is the pattern of its address, not the address itself.
    pub fn record_request(&self, route: &str, method: &Method, duration: Duration) {
        let labels = vec![
            Label::new("method", method.to_string()),
            Label::new("route", route.to_owned()),
        ];
        let key = Key::from_parts(REQUEST_SECONDS, labels);
        let histogram = self.recorder.register_histogram(&key, &METADATA);
        histogram.record(duration);
    }

    /// Counts one more request that waits for changes, until the guard is dropped.
    pub fn follow(&self) -> FollowerGuard {
        self.followers.increment(1);
        FollowerGuard(self.followers.clone())
    }

    /// Renders the metrics.
    pub fn to_text(&self) -> String {
        self.handle.render()
    }

    /// Adds the samples of histograms to their buckets from time to time, until the metrics are dropped.
    ///
    /// Without this, samples would fill the memory of a server whose metrics nobody reads.
    pub async fn keep_up(metrics: Weak<Self>) {
        let mut clock = tokio::time::interval(UPKEEP_INTERVAL);
        loop {
            clock.tick().await;
            let Some(metrics) = metrics.upgrade() else {
                return;
            };
            metrics.handle.run_upkeep();
        }
    }
}

/// Counts a request that waits for changes, until it is dropped.
pub struct FollowerGuard(Gauge);

impl Drop for FollowerGuard {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_class_and_their_times_fall_into_buckets() {
        let metrics = Metrics::default();
        metrics.count_answer(StatusCode::OK);
        metrics.count_answer(StatusCode::NOT_FOUND);
        metrics.added_changes.increment(3);
        for millis in [1, 20, 20_000] {
            let duration = Duration::from_millis(millis);
            metrics.record_request("/boards/{board}", &Method::GET, duration);
        }
        let (first, second) = (metrics.follow(), metrics.follow());
        drop(first);
        let text = metrics.to_text();
        let labels = "method=\"GET\",route=\"/boards/{board}\"";
        for line in [
            "# TYPE cruxboard_answers_total counter",
            "cruxboard_answers_total{status=\"2xx\"} 1",
            "cruxboard_answers_total{status=\"4xx\"} 1",
            "cruxboard_answers_total{status=\"5xx\"} 0",
            "cruxboard_changes_added_total 3",
            "cruxboard_followers 1",
            "# TYPE cruxboard_request_seconds histogram",
            &format!("cruxboard_request_seconds_bucket{{{labels},le=\"0.001\"}} 1"),
            &format!("cruxboard_request_seconds_bucket{{{labels},le=\"0.025\"}} 2"),
            &format!("cruxboard_request_seconds_bucket{{{labels},le=\"10\"}} 2"),
            &format!("cruxboard_request_seconds_count{{{labels}}} 3"),
        ] {
            assert!(text.lines().any(|found| found == line), "{line}: {text}");
        }
        drop(second);
    }
}
