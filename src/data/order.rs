//! Seeded randomness that is the same on every platform, and the order in which images are seen.
//!
//! Everything random is drawn from xoshiro256++, keyed by what it is for, so that adding a draw in one place never
//! changes another. Indices are `u32`: a shuffle never draws a number as wide as the machine's pointers.

use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom;

/// What random numbers are for; each use has its own sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// The order of one epoch; the counter is the epoch.
    Order = 1,
    /// Which samples become validation; the counter is 0.
    HoldOut = 2,
    /// How images are changed on their way into the network; the counter is the caller's own.
    Augmentation = 3,
    /// Which of the held-out samples are classified again and again during an epoch; the counter is 0.
    RollingSample = 4,
    /// Which samples go to training, validation and test; the counter is 0.
    Splits = 5,
    /// Which samples are in which fold of a cross-validation; the counter is 0.
    Folds = 6,
    /// Which samples a score of novelty remembers; the counter is 0.
    Bank = 7,
    /// What a head with a hidden layer begins with, and the order in which it learns; the counter is the epoch, 0 the
    /// weights.
    Hidden = 8,
    /// Which samples a learning curve holds out and begins with; the counter is the draw.
    Curve = 9,
    /// Which samples are left where there are too many; the counter is 0.
    Fewer = 10,
    /// Which samples a measurement learns from; the counter is the draw.
    Few = 11,
}

/// The generator for one use: the same three values give the same numbers, any other give unrelated ones.
pub fn generator(seed: u64, stream: Stream, counter: u64) -> Xoshiro256PlusPlus {
    let key = mix(mix(seed) ^ stream as u64);
    Xoshiro256PlusPlus::seed_from_u64(mix(key ^ counter))
}

/// A permutation of `indices` that depends on nothing but (`indices`, `seed`, `epoch`).
pub fn shuffled(indices: &[u32], seed: u64, epoch: u32) -> Vec<u32> {
    let mut order = indices.to_vec();
    order.shuffle(&mut generator(seed, Stream::Order, u64::from(epoch)));
    order
}

/// SplitMix64's step: neighbouring seeds and counters become unrelated numbers
/// (Steele, Lea & Flood 2014, <https://doi.org/10.1145/2660193.2660195>).
fn mix(value: u64) -> u64 {
    let z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
