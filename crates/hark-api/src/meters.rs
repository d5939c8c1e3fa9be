//! Counts and durations of answers, by route. The handles are kept: to look one up among all
//! measurements of the process costs as much as a small answer.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use metrics::{Counter, Histogram};

/// The measurements of every route that was asked for.
#[derive(Default)]
pub(crate) struct Meters(RwLock<HashMap<String, Meter>>);

struct Meter {
    seconds: Histogram,
    /// By method and status, of which a route has few.
    answers: Vec<(&'static str, StatusCode, Counter)>,
}

impl Meters {
    /// Counts an answer.
    pub(crate) fn count(&self, route: &str, method: &Method, status: StatusCode, took: Duration) {
        let method = label(method);
        if self.count_known(route, method, status, took) {
            return;
        }
        let mut meters = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let meter = meters.entry(route.to_owned()).or_insert_with(|| Meter {
            seconds: metrics::histogram!("hark_http_request_seconds", "route" => route.to_owned()),
            answers: Vec::new(),
        });
        if meter.answers(method, status).is_none() {
            let answers = metrics::counter!(
                "hark_http_requests_total",
                "method" => method, "route" => route.to_owned(), "status" => status.as_u16().to_string()
            );
            meter.answers.push((method, status, answers));
        }
        drop(meters);
        self.count_known(route, method, status, took);
    }

    /// Counts an answer of a kind that there was before.
    fn count_known(&self, route: &str, method: &'static str, status: StatusCode, took: Duration) -> bool {
        let meters = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let Some(meter) = meters.get(route) else { return false };
        let Some(answers) = meter.answers(method, status) else { return false };
        answers.increment(1);
        meter.seconds.record(took.as_secs_f64());
        true
    }
}

impl Meter {
    fn answers(&self, method: &'static str, status: StatusCode) -> Option<&Counter> {
        let known = self.answers.iter().find(|(m, s, _)| *m == method && *s == status);
        known.map(|(_, _, counter)| counter)
    }
}

/// The method as a label of measurements: anyone can invent methods, and each label costs memory.
fn label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
