//! The fuzz target of filters, over its seeds and what grows out of them.

#[path = "../../../fuzz/checks/filter.rs"]
mod filter;
#[path = "../../../fuzz/checks/replay.rs"]
mod replay;

#[test]
fn any_text_as_a_filter_is_refused_or_means_what_it_says() {
    let telling: Vec<char> = "&=,.<>![]{}\"'%+-:_\\ 0e".chars().collect();
    replay::replay("filter", 10_000, &telling, filter::check);
}
