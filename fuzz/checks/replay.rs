//! Seeds, and what grows out of them in a fixed order, so that a failure of an ordinary test comes back.

use std::path::Path;

/// The seeds of a target, in the order of their names.
pub(crate) fn seeds(target: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
    let files = std::fs::read_dir(folder).expect("the seeds").flatten();
    let mut paths: Vec<_> = files.map(|file| file.path()).collect();
    paths.sort();
    assert!(paths.len() >= 5, "only {} seeds were found", paths.len());
    paths.iter().map(|path| std::fs::read_to_string(path).expect("a seed")).collect()
}

/// Shows every seed, and so many texts that were made of them, with some of the telling characters.
pub(crate) fn replay(target: &str, rounds: usize, telling: &[char], mut show: impl FnMut(&str)) {
    let seeds = seeds(target);
    seeds.iter().for_each(|seed| show(seed));
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    for round in 0..rounds {
        let mut text: Vec<char> = seeds[round % seeds.len()].chars().collect();
        for _ in 0..=random(5) {
            let at = random(text.len() + 1);
            match random(4) {
                0 => text.insert(at, telling[random(telling.len())]),
                1 => drop(text.drain(at..(at + random(8)).min(text.len()))),
                2 if at < text.len() => {
                    text[at] = char::from_u32(random(0x3000) as u32).unwrap_or('\u{fffd}')
                }
                _ => {
                    let other: Vec<char> = seeds[random(seeds.len())].chars().collect();
                    let end = random(other.len() + 1);
                    text.splice(at..at, other[end / 2..end].iter().copied());
                }
            }
        }
        show(&text.iter().collect::<String>());
    }
}
