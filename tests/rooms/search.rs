//! Images alike.

use hearth::model::random::Stream;
use hearth::search::{LikenessIndex, SearchError, portable_products, products};
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::digits;

/// Handwritten digits, and how many values each has.
fn vectors() -> (Vec<f32>, usize) {
    let data = digits();
    let images = (0..data.len()).flat_map(|i| data.pixels(i).to_vec());
    (images.map(f32::from).collect(), 28 * 28)
}

/// Vectors like a network's features: none negative, many zeros, neighbours near and far.
fn features(count: usize, dimension: usize, seed: u64) -> Vec<f32> {
    let mut stream = Stream::new(seed);
    let centres: Vec<f32> = (0..7 * dimension)
        .map(|_| (stream.unit() * 2.0 - 1.2).max(0.0))
        .collect();
    let mut all = Vec::new();
    for i in 0..count {
        let centre = &centres[i % 7 * dimension..][..dimension];
        all.extend(
            centre
                .iter()
                .map(|&x| (x + 0.6 * stream.unit() - 0.3).max(0.0)),
        );
    }
    all
}

fn index(vectors: &[f32], dimension: usize) -> LikenessIndex {
    let mut index = LikenessIndex::new(dimension).expect("a dimension");
    // In parts, as they come.
    for part in vectors.chunks(dimension * 100) {
        index.add(part).expect("finite vectors");
    }
    index
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let product = |a: &[f32], b: &[f32]| -> f64 {
        a.iter()
            .zip(b)
            .map(|(&a, &b)| f64::from(a) * f64::from(b))
            .sum()
    };
    product(a, b) / (product(a, a) * product(b, b)).sqrt()
}

/// Every vector compared in 64 bits, best first.
fn brute(vectors: &[f32], query: &[f32]) -> Vec<(f64, u32)> {
    let each = vectors.chunks_exact(query.len());
    let mut all: Vec<(f64, u32)> = each.map(|vector| cosine(vector, query)).zip(0..).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    all
}

#[wasm_bindgen_test(unsupported = test)]
fn the_best_are_those_of_a_comparison_with_every_vector() {
    for (vectors, dimension) in [
        vectors(),
        (features(2300, 1280, 3), 1280),
        (features(50, 3, 4), 3),
    ] {
        let index = index(&vectors, dimension);
        // What 16 bits cannot tell apart; of few values each is large.
        let blur = if dimension < 100 { 3e-5 } else { 1e-5 };
        assert_eq!(index.len() * dimension, vectors.len());
        for query in vectors.chunks_exact(dimension).step_by(29) {
            let found = index.search(query, 12, &[]).expect("a query");
            let wanted = brute(&vectors, query);
            assert_eq!(found.places.len(), 12);
            for (i, (&place, &similarity)) in
                found.places.iter().zip(&found.similarities).enumerate()
            {
                // The same place, but where two are alike to the same extent as far as 16 bits can tell.
                let (best, at) = wanted[i];
                let own = cosine(&vectors[place as usize * dimension..][..dimension], query);
                assert!(
                    place == at || (best - own).abs() < blur,
                    "{place} for {at}: {own} {best}"
                );
                assert!(
                    (f64::from(similarity) - own).abs() < blur,
                    "{similarity} for {own}"
                );
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn products_are_the_same_with_and_without_instructions_of_their_own() {
    let mut stream = Stream::new(5);
    let mut whole = |count: usize, most: f32| -> Vec<i32> {
        let one = |_| ((2.0 * stream.unit() - 1.0) * most).round() as i32;
        (0..count).map(one).collect()
    };
    for (rows, values) in [(1, 1), (3, 7), (4, 8), (9, 1280), (13, 27), (1024, 40)] {
        let upper: Vec<i8> = whole(rows * values, 127.0)
            .iter()
            .map(|&x| x as i8)
            .collect();
        let query: Vec<i16> = whole(values, 13_000.0).iter().map(|&x| x as i16).collect();
        let (mut quick, mut plain) = (vec![7], vec![7]);
        products(&upper, &query, &mut quick);
        portable_products(&upper, &query, &mut plain);
        assert_eq!(quick, plain, "{rows} rows of {values}");
        let first: i64 = (0..values)
            .map(|i| i64::from(upper[i]) * i64::from(query[i]))
            .sum();
        assert_eq!(i64::from(plain[1]), first);
        assert_eq!(plain.len(), rows + 1);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn even_the_largest_sums_have_room() {
    let dimension = hearth::search::MOST_VALUES;
    let index = index(&vec![1.0; dimension], dimension);
    for sign in [1.0, -1.0] {
        let found = index
            .search(&vec![sign; dimension], 1, &[])
            .expect("a query");
        assert!((found.similarities[0] - sign).abs() < 1e-6, "{found:?}");
    }
    assert!(LikenessIndex::new(dimension + 1).is_err() && LikenessIndex::new(0).is_err());
}

#[wasm_bindgen_test(unsupported = test)]
fn of_equals_the_first_comes_first_and_lengths_do_not_count() {
    let vectors = [
        0.0, 1.0, 3.0, 4.0, 0.6, 0.8, 1e-30, 0.0, 30.0, 40.0, 0.0, 0.0, -3.0, -4.0,
    ];
    let index = index(&vectors, 2);
    let found = index.search(&[3e20, 4e20], 9, &[]).expect("a query");
    assert_eq!(found.places, [1, 2, 4, 0, 3, 5, 6]);
    let wanted = [1.0, 1.0, 1.0, 0.8, 0.6, 0.0, -1.0];
    for (found, wanted) in found.similarities.iter().zip(wanted) {
        assert!((found - wanted).abs() < 3e-5, "{found} for {wanted}");
    }
    let found = index.search(&[3.0, 4.0], 2, &[1, 4, 99]).expect("a query");
    assert_eq!(found.places, [2, 0]);
    assert_eq!(
        index.search(&[3.0, 4.0], 0, &[]).expect("none"),
        Default::default()
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn several_are_asked_with_by_their_mean_direction() {
    let (vectors, dimension) = vectors();
    let index = index(&vectors, dimension);
    let row = |i: usize| &vectors[i * dimension..][..dimension];
    let several = [row(3), row(200)].concat();
    let mean: Vec<f32> = {
        let length = |v: &[f32]| v.iter().map(|x| x * x).sum::<f32>().sqrt();
        let (a, b) = (length(row(3)), length(row(200)));
        row(3)
            .iter()
            .zip(row(200))
            .map(|(x, y)| x / a + y / b)
            .collect()
    };
    let found = index.search(&several, 5, &[3, 200]).expect("a query");
    let wanted = brute(&vectors, &mean).into_iter().map(|(_, place)| place);
    let wanted: Vec<u32> = wanted
        .filter(|place| ![3, 200].contains(place))
        .take(5)
        .collect();
    assert_eq!(found.places, wanted);
    // The same of vectors that it has.
    let alike = index.alike(&[200, 3], 5, &[]).expect("places");
    assert_eq!(alike.places, wanted);
    let without = index.alike(&[200, 3], 5, &wanted[..1]).expect("places");
    assert_eq!(without.places[..4], wanted[1..]);
}

#[wasm_bindgen_test(unsupported = test)]
fn what_cannot_be_compared_is_refused_and_changes_nothing() {
    let mut index = index(&[1.0, 2.0], 2);
    let refused = index.add(&[0.0, 1.0, f32::NAN, 0.0]);
    assert_eq!(refused, Err(SearchError::NotFinite(2)));
    let incomplete = index.add(&[1.0, 2.0, 3.0]);
    assert_eq!(
        incomplete,
        Err(SearchError::Values {
            dimension: 2,
            given: 3
        })
    );
    assert_eq!(index.len(), 1);
    assert!(
        index.search(&[], 1, &[]).is_err() && index.search(&[f32::INFINITY, 0.0], 1, &[]).is_err()
    );
    let nowhere = index.alike(&[1], 1, &[]);
    assert_eq!(
        nowhere,
        Err(SearchError::Place {
            place: 1,
            length: 1
        })
    );
    assert!(index.alike(&[], 1, &[]).is_err());
    let empty = LikenessIndex::new(2).expect("a dimension");
    assert_eq!(
        empty.search(&[1.0, 0.0], 3, &[]).expect("none"),
        Default::default()
    );
    assert!(empty.plane().is_empty());
}

#[wasm_bindgen_test(unsupported = test)]
fn the_plane_is_that_of_the_principal_components() {
    // At length 1 these are the middle m = (0, 0, h, 0) ± 0.6 along the first value and ± 0.28 along the second: by hand,
    // the first axis is (1, 0, 0, 0), the second (0, 1, 0, 0), and the others (values 3 and 4) say nothing.
    let vectors = [
        0.6, 0.28, 0.749_4, 0.0, -0.6, 0.28, 0.749_4, 0.0, 0.6, -0.28, 0.749_4, 0.0, -0.6, -0.28,
        0.749_4, 0.0,
    ];
    let plane = index(&vectors, 4).plane();
    let wanted = [0.6, 0.28, -0.6, 0.28, 0.6, -0.28, -0.6, -0.28];
    for (found, wanted) in plane.iter().zip(wanted) {
        assert!((found - wanted).abs() < 1e-4, "{plane:?}");
    }
    // Two vectors lie on one line, and one at the middle.
    let line = index(&[1.0, 0.0, 0.0, 1.0], 2).plane();
    let half = 0.5f32.sqrt();
    for (found, wanted) in line.iter().zip([half, 0.0, -half, 0.0]) {
        assert!((found - wanted).abs() < 1e-4, "{line:?}");
    }
    assert_eq!(index(&[5.0, 6.0, 7.0], 3).plane(), [0.0, 0.0]);
}

#[wasm_bindgen_test(unsupported = test)]
fn no_other_plane_holds_more_of_the_variance() {
    let (vectors, dimension) = vectors();
    let plane = index(&vectors, dimension).plane();
    assert_eq!(plane, index(&vectors, dimension).plane());
    let count = plane.len() / 2;
    let sum = |at: usize, f: &dyn Fn(f64) -> f64| -> f64 {
        plane
            .iter()
            .skip(at)
            .step_by(2)
            .map(|&x| f(f64::from(x)))
            .sum()
    };
    let across: f64 = plane
        .chunks_exact(2)
        .map(|p| f64::from(p[0]) * f64::from(p[1]))
        .sum();
    let variances = [0, 1].map(|at| sum(at, &|x| x * x));
    assert!(variances[0] > variances[1] && across.abs() < 1e-3 * variances[1]);
    assert!(
        [0, 1]
            .map(|at| sum(at, &|x| x))
            .iter()
            .all(|mean| mean.abs() < 1e-2)
    );
    // Against the whole spectrum, of the vectors' products with each other (Jacobi's method in 64 bits would take long:
    // powers of the matrix, one vector after the other, find the same).
    let unit: Vec<Vec<f64>> = vectors
        .chunks_exact(dimension)
        .map(|v| {
            let length = v.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
            v.iter().map(|&x| f64::from(x) / length).collect()
        })
        .collect();
    let mean: Vec<f64> = (0..dimension)
        .map(|i| unit.iter().map(|v| v[i]).sum::<f64>() / count as f64)
        .collect();
    let mut centred: Vec<Vec<f64>> = unit;
    for vector in &mut centred {
        vector.iter_mut().zip(&mean).for_each(|(x, m)| *x -= m);
    }
    for wanted in variances {
        let mut axis = vec![1.0; dimension];
        let mut variance = 0.0;
        for _ in 0..150 {
            let mut next = vec![0.0; dimension];
            for vector in &centred {
                let along: f64 = vector.iter().zip(&axis).map(|(a, b)| a * b).sum();
                next.iter_mut()
                    .zip(vector)
                    .for_each(|(sum, x)| *sum += along * x);
            }
            variance = next.iter().map(|x| x * x).sum::<f64>().sqrt();
            axis = next.iter().map(|x| x / variance).collect();
        }
        assert!(
            (wanted / variance - 1.0).abs() < 1e-3,
            "{wanted} of {variance}"
        );
        for vector in &mut centred {
            let along: f64 = vector.iter().zip(&axis).map(|(a, b)| a * b).sum();
            vector
                .iter_mut()
                .zip(&axis)
                .for_each(|(x, a)| *x -= along * a);
        }
    }
}
