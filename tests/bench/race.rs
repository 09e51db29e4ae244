//! A race: several candidates run in turns, many times, and what each of them used.

use std::time::Duration;

use crate::candidate::Candidate;
use crate::say;
use crate::usage::{self, Usage};

/// What a candidate used in all rounds of a race.
pub(crate) struct Result {
    pub(crate) name: String,
    pub(crate) wall: Sample,
    pub(crate) processor: Sample,
    /// How many requests a run made, in the middle, where they were counted.
    pub(crate) requests: Option<usize>,
}

/// Runs of one candidate, in milliseconds, from the shortest to the longest.
pub(crate) struct Sample(Vec<f64>);

/// Lets candidates run in turns, `rounds` times, in the [`order`] of each round.
///
/// A first round warms the caches and is not counted.
pub(crate) fn run(name: &str, rounds: usize, candidates: &[Candidate]) -> Vec<Result> {
    say(format_args!("{name}: {rounds} rounds"));
    let mut used: Vec<Vec<Usage>> = vec![Vec::with_capacity(rounds); candidates.len()];
    for round in 0..=rounds {
        for index in order(round, candidates.len()) {
            let candidate = &candidates[index];
            let (usage, status) = usage::of(&mut candidate.command())
                .unwrap_or_else(|error| panic!("{} cannot be run: {error}", candidate.name));
            assert!(status.success(), "{} failed: {status}", candidate.name);
            if round > 0 {
                used[index].push(usage);
            }
        }
    }
    candidates.iter().for_each(Candidate::put_back);
    let results = candidates.iter().zip(used).map(|(candidate, used)| {
        let sample = |time: fn(&Usage) -> Duration| Sample::new(used.iter().map(time));
        Result {
            name: candidate.name.clone(),
            wall: sample(|usage| usage.wall),
            processor: sample(|usage| usage.processor),
            requests: None,
        }
    });
    results.collect()
}

/// Returns the order in which so many candidates have their turns in a round.
///
/// Whoever runs finds the caches as the one before has left them. So each candidate runs as often
/// right after every other one, and none of more than two after itself, not even from one round to
/// the next: the square of E. J. Williams, "Experimental designs balanced for the estimation of
/// residual effects of treatments" (1949), which is full after `count` rounds, or twice as many when
/// `count` is odd.
pub(crate) fn order(round: usize, count: usize) -> Vec<usize> {
    if count <= 2 {
        return (0..count).collect();
    }
    // 0, 1, n - 1, 2, n - 2 and so on: no two steps are the same
    let zigzag = (0..count).map(|place| match place % 2 {
        1 => place.div_ceil(2),
        _ => count - place / 2,
    });
    let step = round % count;
    if count % 2 == 1 && (round / count) % 2 == 1 {
        zigzag
            .rev()
            .map(|each| (each + count - step) % count)
            .collect()
    } else {
        zigzag.map(|each| (each + step) % count).collect()
    }
}

impl Sample {
    pub(crate) fn new(times: impl Iterator<Item = Duration>) -> Self {
        let mut times: Vec<f64> = times.map(|time| time.as_secs_f64() * 1000.0).collect();
        times.sort_by(f64::total_cmp);
        Self(times)
    }

    pub(crate) fn median(&self) -> f64 {
        self.at(0.5)
    }

    pub(crate) fn least(&self) -> f64 {
        self.at(0.0)
    }

    /// Returns how far the middle half of the runs lies apart, as a part of the median.
    pub(crate) fn spread(&self) -> f64 {
        (self.at(0.75) - self.at(0.25)) / self.median()
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a list of some hundred"
    )]
    fn at(&self, part: f64) -> f64 {
        let last = self.0.len().saturating_sub(1) as f64;
        let place = (last * part).round() as usize;
        self.0.get(place).copied().unwrap_or(f64::NAN)
    }
}
