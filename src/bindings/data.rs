//! A person's own images: brought to a network's size, compared with each other, and given out to splits.

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::error::{Thrown, thrown};
use crate::data::split::{Member, Shares, assign};
use crate::data::{self, DataErrorKind, Split, clean};
use crate::pixels::{Fit, Rgba, look};

/// The label of a sample that has none.
const UNLABELLED: u16 = u16::MAX;

/// A picture of any size, as `ImageData` has it, as a network whose preprocessing has this `fit` sees it: bytes 0–255,
/// `[channels, rows, columns]`. If it takes what is drawn and nothing is, all of them are 0.
#[wasm_bindgen]
pub fn render(
    rgba: &[u8],
    width: usize,
    height: usize,
    channels: usize,
    rows: usize,
    columns: usize,
    fit: Ts<Fit>,
) -> Result<Vec<u8>, JsValue> {
    let picture = Rgba::new(rgba, width, height).map_err(Thrown::from)?;
    let fit: Fit = fit.to_rust().map_err(Thrown::from)?;
    let shape = [channels, rows, columns];
    let image = fit.image(picture, shape).map_err(Thrown::from)?;
    Ok(image)
}

/// What a picture looks like at a glance.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Look {
    /// Grey, 32 rows of 32 bytes: the whole picture, stretched. What `LookIndex` takes.
    #[tsify(type = "Uint8Array")]
    #[serde(with = "serde_bytes")]
    pub pixels: Vec<u8>,
    /// The mean of the luma, 0–1.
    pub brightness: f32,
    /// The standard deviation of the luma, 0–0.5.
    pub contrast: f32,
    /// The variance of the Laplacian of the luma in 0–255, at no more than 256 pixels a side: a photo under 100 is
    /// likely blurred.
    pub sharpness: f32,
    /// The share of pixels that have a colour, 0–1.
    pub colour: f32,
}

/// A picture of any size, as `ImageData` has it, at a glance.
#[wasm_bindgen]
pub fn look(rgba: &[u8], width: usize, height: usize) -> Result<Ts<Look>, JsValue> {
    let picture = Rgba::new(rgba, width, height).map_err(Thrown::from)?;
    let look = look::Look::of(picture);
    let look = Look {
        pixels: look.pixels,
        brightness: look.brightness,
        contrast: look.contrast,
        sharpness: look.sharpness,
        colour: look.colour,
    };
    Ok(look.into_ts().map_err(Thrown::from)?)
}

/// Looks in the order in which they came, and which of them are near duplicates.
#[wasm_bindgen]
#[derive(Default)]
pub struct LookIndex(data::LookIndex);

#[wasm_bindgen]
impl LookIndex {
    #[wasm_bindgen(constructor)]
    pub fn new() -> LookIndex {
        LookIndex::default()
    }

    /// Adds a look's pixels → the places, from 0, of the earlier ones that are near duplicates of it.
    pub fn add(&mut self, look: &[u8]) -> Result<Vec<u32>, JsValue> {
        Ok(self.0.add(look).map_err(Thrown::from)?)
    }

    /// How many have been added.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> usize {
        self.0.len()
    }
}

/// The split of every sample: 0 train, 1 validation, 2 test. Each list has a value for each sample: `labels` the class
/// (65535: none), `groups` a number that near duplicates share, `splits` where it is (255: nowhere yet), `pinned`
/// whether a person has put it there. What has a split keeps it, groups stay together, and the rest is given out by
/// chance, of each class the shares `validation` and `test` (0–1). To give everything out anew, pass 255 for all that
/// are not pinned.
#[wasm_bindgen(js_name = assignSplits)]
pub fn assign_splits(
    labels: &[u16],
    groups: &[u32],
    splits: &[u8],
    pinned: &[u8],
    validation: f32,
    test: f32,
    seed: u32,
) -> Result<Vec<u8>, JsValue> {
    for have in [groups.len(), splits.len(), pinned.len()] {
        if have != labels.len() {
            let need = labels.len();
            let kind = DataErrorKind::PerSample { have, need };
            return Err(thrown(kind.code(), &kind.to_string()));
        }
    }
    let places = labels.iter().zip(groups).zip(splits).zip(pinned);
    let members = places.map(|(((&label, &group), &split), &pinned)| {
        Ok(Member {
            label: (label != UNLABELLED).then_some(label),
            group,
            split: Split::of_code(split)?,
            pinned: pinned != 0,
        })
    });
    let members: Result<Vec<Member>, data::DataError> = members.collect();
    let shares = Shares { validation, test };
    let given = assign(&members.map_err(Thrown::from)?, shares, u64::from(seed));
    let given = given.map_err(Thrown::from)?;
    Ok(given.into_iter().map(Split::code).collect())
}

/// The samples whose labels are likely wrong, the likeliest first. `probabilities` is `[sample, classes]`, from networks
/// that have not learned from the sample (`OutOfFold` of the package `train`); `labels` are the samples' classes.
#[wasm_bindgen(js_name = likelyWrong, unchecked_return_type = "Suspect[]")]
pub fn likely_wrong(
    probabilities: &[f32],
    labels: &[u16],
    classes: usize,
) -> Result<JsValue, JsValue> {
    let suspects = clean::likely_wrong(probabilities, labels, classes).map_err(Thrown::from)?;
    serde_wasm_bindgen::to_value(&suspects)
        .map_err(|error| thrown("wrong-type", &error.to_string()))
}
