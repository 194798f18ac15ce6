//! Images alike.

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::error::Thrown;
use crate::search;

/// What a search has found, the most alike first; of two alike to the same extent the one that came first.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Likeness {
    #[tsify(type = "Uint32Array")]
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub places: js_sys::Uint32Array,
    /// The cosine, −1 to 1.
    #[tsify(type = "Float32Array")]
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub similarities: js_sys::Float32Array,
}

impl From<search::Likeness> for Likeness {
    fn from(found: search::Likeness) -> Self {
        Likeness {
            places: found.places.as_slice().into(),
            similarities: found.similarities.as_slice().into(),
        }
    }
}

/// Vectors in the order in which they came, to be searched by cosine. Of 1,280 values each takes 2,568 bytes: 50,000 take
/// 128 MB.
#[wasm_bindgen]
pub struct LikenessIndex(search::LikenessIndex);

#[wasm_bindgen]
impl LikenessIndex {
    /// For vectors of so many values, at most 16,384.
    #[wasm_bindgen(constructor)]
    pub fn new(dimension: usize) -> Result<LikenessIndex, JsValue> {
        let made = search::LikenessIndex::new(dimension);
        Ok(LikenessIndex(made.map_err(Thrown::from)?))
    }

    /// Adds vectors, one after the other; none of them if one is incomplete or has a value that is no finite number.
    pub fn add(&mut self, features: &[f32]) -> Result<(), JsValue> {
        Ok(self.0.add(features).map_err(Thrown::from)?)
    }

    /// How many vectors have been added.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> usize {
        self.0.len()
    }

    /// The `count` vectors most alike to `query` (to the mean direction, if it is several) but for those at the places
    /// `without`.
    pub fn search(
        &self,
        query: &[f32],
        count: usize,
        without: &[u32],
    ) -> Result<Ts<Likeness>, JsValue> {
        let found = self.0.search(query, count, without).map_err(Thrown::from)?;
        Ok(Likeness::from(found).into_ts().map_err(Thrown::from)?)
    }

    /// The same for vectors that the index has, by their places; these are not among what is found.
    pub fn alike(
        &self,
        places: &[u32],
        count: usize,
        without: &[u32],
    ) -> Result<Ts<Likeness>, JsValue> {
        let found = self.0.alike(places, count, without).map_err(Thrown::from)?;
        Ok(Likeness::from(found).into_ts().map_err(Thrown::from)?)
    }

    /// Where each vector lies in the plane in which all lie furthest apart: x and y of each, the middle at 0.
    pub fn plane(&self) -> Vec<f32> {
        self.0.plane()
    }
}
