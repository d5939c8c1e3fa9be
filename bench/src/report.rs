//! The table of a run.

use crate::load::Outcome;

/// What a run found.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) rows: Vec<Row>,
    pub(crate) notes: Vec<String>,
}

/// A measurement beside its limit.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) outcome: Outcome,
    /// What the limit is, and how much of it was reached.
    pub(crate) limit: Option<(&'static str, f64)>,
    pub(crate) memory_mb: Option<f64>,
}

impl Report {
    pub(crate) fn note(&mut self, text: String) {
        self.notes.push(text);
    }
}

/// Prints the table as Markdown.
#[expect(clippy::print_stdout, reason = "the table is the result of the program")]
pub(crate) fn print(report: &Report) {
    println!("| measurement | per second | p50 ms | p99 ms | share of the limit | memory MB |");
    println!("|---|---:|---:|---:|---|---:|");
    for row in &report.rows {
        let limit = row.limit.map_or(String::new(), |(name, limit)| {
            format!("{:.0} % of {name} ({limit:.0}/s)", 100.0 * row.outcome.per_second / limit)
        });
        let memory = row.memory_mb.map_or(String::new(), |memory| format!("{memory:.0}"));
        let outcome = &row.outcome;
        println!(
            "| {} | {:.0} | {:.2} | {:.2} | {limit} | {memory} |",
            row.name, outcome.per_second, outcome.p50_ms, outcome.p99_ms
        );
    }
    println!();
    for note in &report.notes {
        println!("- {note}");
    }
}
