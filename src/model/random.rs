//! Random numbers that are the same on every machine and every device: the first weights and the dropout masks come
//! from here and not from the backend, whose generator is shared by the whole process.

/// One step of SplitMix64 (Steele, Lea & Flood 2014, <https://doi.org/10.1145/2714064.2660195>).
fn splitmix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// One number from several, such as a seed, a step and a layer: a change in any of them changes all of its bits.
pub fn mix(parts: &[u64]) -> u64 {
    parts
        .iter()
        .fold(0, |state, &part| splitmix(state ^ splitmix(part)))
}

/// An endless stream of random numbers.
#[derive(Clone, Debug)]
pub struct Stream(u64);

impl Stream {
    pub fn new(key: u64) -> Self {
        Stream(key)
    }

    /// Uniform in 0 to below 1, with 24 bits: each value is exact in an `f32`.
    pub fn unit(&mut self) -> f32 {
        let bits = splitmix(self.0);
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        (bits >> 40) as f32 * (1.0 / (1u32 << 24) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_splitmix64_as_published() {
        // The first outputs of the reference implementation (Vigna's splitmix64.c) for the state 1234567.
        assert_eq!(splitmix(1_234_567), 6_457_827_717_110_365_317);
    }

    #[test]
    fn unit_numbers_are_uniform() {
        let mut stream = Stream::new(7);
        let n = 100_000;
        let mean = (0..n).map(|_| f64::from(stream.unit())).sum::<f64>() / f64::from(n);
        assert!((mean - 0.5).abs() < 0.005, "{mean}");
    }
}
