//! Pictures are what they are in the page: `decoding.mjs` has recorded what Chromium makes of each.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::room::{Room, hearth, run, said};

#[path = "../../src/cli/picture.rs"]
mod picture;

/// JPEG decoders round differently, and each doubles the chroma's resolution in its way.
const TOLERANCE: u8 = 4;
/// What further scans would have refined, libjpeg smooths.
const UNREFINED: u8 = 16;

#[derive(serde::Deserialize)]
struct Decoded {
    width: u32,
    height: u32,
    /// Of every eighth pixel of every eighth row, from the fifth on.
    samples: Vec<[u8; 4]>,
}

fn recorded() -> BTreeMap<String, Option<Decoded>> {
    serde_json::from_str(include_str!("../fixtures/decoding/chromium.json")).expect("our own")
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/decoding")
        .join(name)
}

/// On white, as the network sees it: what is transparent has no colour.
fn on_white([r, g, b, a]: [u8; 4]) -> [u8; 3] {
    [r, g, b].map(|value| {
        let (value, alpha) = (f32::from(value), f32::from(a) / 255.0);
        (value * alpha + 255.0 * (1.0 - alpha)).round() as u8
    })
}

/// Of what both have sampled, the largest difference in a channel, worst first.
fn differences(ours: &image::RgbaImage, theirs: &[[u8; 4]]) -> Vec<u8> {
    let (width, height) = ours.dimensions();
    let rows = (4..height).step_by(8);
    let places = rows.flat_map(|y| (4..width).step_by(8).map(move |x| (x, y)));
    let mut all: Vec<u8> = places
        .zip(theirs)
        .map(|((x, y), &theirs)| {
            let pairs = on_white(ours.get_pixel(x, y).0)
                .into_iter()
                .zip(on_white(theirs));
            pairs.map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0)
        })
        .collect();
    all.sort_by(|a, b| b.cmp(a));
    all
}

#[test]
fn a_picture_is_chromiums() {
    let mut wrong = Vec::new();
    for (name, expected) in recorded() {
        let Some(expected) = expected else { continue };
        let made = picture::decode(&std::fs::read(file(&name)).expect("a fixture"));
        let made = made.unwrap_or_else(|error| panic!("{name}: {error}"));
        let cut = name.starts_with("cut") || name.starts_with("no-end");
        assert_eq!(made.cut, cut, "{name}");
        // Chromium leaves a WebP as it lies; the page turns it.
        if name.starts_with("orientation") && name.ends_with(".webp") {
            continue;
        }
        assert_eq!(
            made.pixels.dimensions(),
            (expected.width, expected.height),
            "{name}"
        );
        let worst = differences(&made.pixels, &expected.samples);
        // Where a JPEG was cut, each decoder ends in its own way.
        let passed_over = if cut { worst.len() / 20 } else { 0 };
        let most = match name.as_str() {
            "cut-progressive.jpg" => UNREFINED,
            _ => TOLERANCE,
        };
        if worst[passed_over] > most {
            wrong.push(format!("{name}: {:?}", &worst[..8]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_chromium_does_not_decode_is_an_error() {
    for (name, _) in recorded()
        .into_iter()
        .filter(|(_, decoded)| decoded.is_none())
    {
        let made = picture::decode(&std::fs::read(file(&name)).expect("a fixture"));
        assert!(made.is_err(), "{name}");
    }
}

#[test]
fn a_webp_is_upright_as_its_exif_says() {
    let upright = |name: &str| {
        picture::decode(&std::fs::read(file(name)).expect("a fixture")).expect("a picture")
    };
    let plain = upright("plain.png").pixels;
    // 6: turned to the right to be seen; 8: to the left.
    let right = upright("orientation-6.webp").pixels;
    let left = upright("orientation-8-prefixed.webp").pixels;
    assert_eq!(right, image::imageops::rotate90(&plain));
    assert_eq!(left, image::imageops::rotate270(&plain));
}

#[test]
fn a_jpeg_that_was_cut_is_answered_with_a_warning() {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/www/public/models/lite0.onnx");
    for (name, cut) in [
        ("plain.jpg", false),
        ("orientation-6.jpg", false),
        ("cut.jpg", true),
        ("cut-progressive.jpg", true),
        ("no-end.jpg", true),
    ] {
        let file = file(name).to_string_lossy().into_owned();
        let answered = run(&mut hearth(&["predict", "--json", model, &file]));
        assert!(answered.status.success(), "{}", said(&answered.stderr));
        let answer: serde_json::Value = serde_json::from_slice(&answered.stdout).expect("JSON");
        assert_eq!(answer["predictions"].as_array().map(Vec::len), Some(3));
        assert_eq!(
            answer["incomplete"].as_bool().unwrap_or(false),
            cut,
            "{name}"
        );
        assert_eq!(said(&answered.stderr).contains("incomplete"), cut, "{name}");
    }
}

/// In front of a marker there may be any number of fill bytes (ITU-T T.81, B.1.1.2).
#[test]
fn a_jpeg_with_fill_bytes_is_whole() {
    let room = Room::new("fill-bytes");
    let mut jpeg = std::fs::read(file("plain.jpg")).expect("a picture");
    jpeg.splice(2..2, [0xff; 3]);
    std::fs::write(room.path("filled.jpg"), jpeg).expect("written");
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/www/public/models/lite0.onnx");
    let answered = run(hearth(&["predict", model, "filled.jpg"]).current_dir(room.path("")));
    assert!(answered.status.success(), "{}", said(&answered.stderr));
    assert!(answered.stderr.is_empty(), "{}", said(&answered.stderr));
}
