//! Products of whole numbers: the same on every machine, whichever instructions it has.

/// Rows that are multiplied at once: each value of the query is read once for all of them.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
const AT_ONCE: usize = 4;

/// Adds to `sums` the product of `query` with each of `rows`, `[row, query.len()]`. Nothing may exceed 31 bits.
///
/// # Panics
/// If there are not as many rows as sums.
pub fn products(rows: &[i8], query: &[i16], sums: &mut Vec<i32>) {
    assert_eq!(rows.len() % query.len().max(1), 0, "whole rows");
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    simd::products(rows, query, sums);
    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    portable_products(rows, query, sums);
}

/// [`products`] without instructions of its own.
pub fn portable_products(rows: &[i8], query: &[i16], sums: &mut Vec<i32>) {
    sums.extend(rows.chunks_exact(query.len()).map(|row| one(row, query)));
}

fn one(row: &[i8], query: &[i16]) -> i32 {
    let products = row.iter().zip(query);
    products.map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd {
    use core::arch::wasm32::{
        i16x8_load_extend_i8x8, i32x4_add, i32x4_dot_i16x8, i32x4_extract_lane, i32x4_splat, v128,
        v128_load,
    };

    use super::{AT_ONCE, one};

    /// Values in one instruction.
    const LANES: usize = 8;

    pub fn products(rows: &[i8], query: &[i16], sums: &mut Vec<i32>) {
        let values = query.len();
        let whole = values - values % LANES;
        let mut groups = rows.chunks_exact(AT_ONCE * values);
        for group in &mut groups {
            let row = |i: usize| &group[i * values..][..values];
            let rows: [&[i8]; AT_ONCE] = std::array::from_fn(row);
            let vectors = several(rows, query, whole);
            let each = vectors.into_iter().zip(rows);
            sums.extend(each.map(|(sum, row)| total(sum) + one(&row[whole..], &query[whole..])));
        }
        for row in groups.remainder().chunks_exact(values) {
            let [sum] = several([row], query, whole);
            sums.push(total(sum) + one(&row[whole..], &query[whole..]));
        }
    }

    /// Four partial sums of each row, over its first `whole` values.
    fn several<const N: usize>(rows: [&[i8]; N], query: &[i16], whole: usize) -> [v128; N] {
        assert!(whole <= query.len() && rows.iter().all(|row| whole <= row.len()));
        let mut sums = [i32x4_splat(0); N];
        let mut at = 0;
        while at + LANES <= whole {
            // SAFETY: `whole` values of the query and of each row are there (checked above), and these are eight of them;
            // the instructions ask for no alignment.
            unsafe {
                let query = v128_load(query.as_ptr().add(at).cast());
                for (sum, row) in sums.iter_mut().zip(rows) {
                    let row = i16x8_load_extend_i8x8(row.as_ptr().add(at));
                    *sum = i32x4_add(*sum, i32x4_dot_i16x8(row, query));
                }
            }
            at += LANES;
        }
        sums
    }

    fn total(sums: v128) -> i32 {
        i32x4_extract_lane::<0>(sums)
            + i32x4_extract_lane::<1>(sums)
            + i32x4_extract_lane::<2>(sums)
            + i32x4_extract_lane::<3>(sums)
    }
}
