use std::sync::{Arc, Mutex, PoisonError};

use super::TrainError;

/// The first thing that went wrong on a device. A browser reports errors of its GPU to callbacks and not to whoever
/// asked for the work: a shader that is refused, or memory that ran out, would otherwise show only as wrong numbers.
#[derive(Clone, Default, Debug)]
pub struct Fault(Arc<Mutex<Option<String>>>);

impl Fault {
    /// The sentence, or `None` while all is well.
    pub fn get(&self) -> Option<String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clone()
    }

    /// Only the first is kept: what follows it is mostly its consequence.
    pub fn set(&self, sentence: String) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get_or_insert(sentence);
    }

    /// # Errors
    /// [`TrainError::Device`] if something went wrong.
    pub fn check(&self) -> Result<(), TrainError> {
        self.get()
            .map_or(Ok(()), |sentence| Err(TrainError::Device(sentence)))
    }
}
