use serde::{Deserialize, Serialize};

use super::{Cell, Confusion, MetricsError};

/// The mistakes that a [`CostReport`] names at most.
const DEAREST: usize = 5;

/// What mistakes cost, in any unit; a right answer costs nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
pub struct Costs {
    /// Of every mistake that is not listed.
    pub mistake: f64,
    /// The last entry for a mistake counts.
    pub listed: Vec<MistakeCost>,
}

/// The cost of taking an image of class `truth` for `predicted`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
pub struct MistakeCost {
    pub truth: usize,
    pub predicted: usize,
    pub cost: f64,
}

/// What all mistakes of a test cost.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
pub struct CostReport {
    pub total: f64,
    /// The total shared by all images; 0 without any.
    pub per_image: f64,
    /// The mistakes that cost most together, the dearest first.
    pub dearest: Vec<CostCell>,
}

/// One kind of mistake: how often it was made and what that cost in all.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
pub struct CostCell {
    pub truth: usize,
    pub predicted: usize,
    pub count: u32,
    pub cost: f64,
}

impl Costs {
    /// The expected cost that decision theory minimises, taken over the test: Σ count × cost / images (Elkan 2001, "The
    /// foundations of cost-sensitive learning", IJCAI).
    ///
    /// # Errors
    /// If a cost is negative or no number, or names a class that there is not.
    pub fn of(&self, confusion: &Confusion) -> Result<CostReport, MetricsError> {
        self.check(confusion.classes())?;
        let mut cells: Vec<CostCell> = confusion
            .cells()
            .filter(|cell| cell.truth != cell.predicted)
            .map(|cell| self.price(cell))
            .collect();
        let total = cells.iter().map(|cell| cell.cost).sum();
        cells.retain(|cell| cell.cost > 0.0);
        cells.sort_by(|a, b| b.cost.total_cmp(&a.cost));
        cells.truncate(DEAREST);
        Ok(CostReport {
            total,
            per_image: total / f64::from(confusion.total().max(1)),
            dearest: cells,
        })
    }

    fn price(&self, cell: Cell) -> CostCell {
        let listed = self
            .listed
            .iter()
            .rfind(|listed| (listed.truth, listed.predicted) == (cell.truth, cell.predicted));
        let each = listed.map_or(self.mistake, |listed| listed.cost);
        CostCell {
            truth: cell.truth,
            predicted: cell.predicted,
            count: cell.count,
            cost: each * f64::from(cell.count),
        }
    }

    fn check(&self, classes: usize) -> Result<(), MetricsError> {
        let all = self.listed.iter().map(|listed| listed.cost);
        if let Some(cost) = all
            .chain([self.mistake])
            .find(|cost| !(cost.is_finite() && *cost >= 0.0))
        {
            return Err(MetricsError::Cost(cost.to_string()));
        }
        let named = self
            .listed
            .iter()
            .flat_map(|listed| [listed.truth, listed.predicted]);
        match named.max() {
            Some(class) if class >= classes => Err(MetricsError::Class {
                class: class.min(u16::MAX.into()) as u16,
                classes,
            }),
            _ => Ok(()),
        }
    }
}
