//! The datasets that come with Hearth.

use crate::model::{Fit, ModelSpec};

/// A dataset that comes with Hearth: grey images of 28×28, as four IDX files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Builtin {
    /// 60,000 + 10,000 digits (LeCun, Cortes, Burges, <http://yann.lecun.com/exdb/mnist/>).
    Mnist,
    /// 60,000 + 10,000 pieces of clothing (Xiao, Rasul, Vollgraf 2017, <https://arxiv.org/abs/1708.07747>), split anew:
    /// of each class the last 1,000 images are the test's.
    FashionMnist,
}

impl Builtin {
    pub const ALL: [Builtin; 2] = [Builtin::Mnist, Builtin::FashionMnist];

    /// By the name that the page and the command line use.
    pub fn of(id: &str) -> Option<Self> {
        Builtin::ALL.into_iter().find(|known| known.id() == id)
    }

    pub fn id(self) -> &'static str {
        match self {
            Builtin::Mnist => "mnist",
            Builtin::FashionMnist => "fashion-mnist",
        }
    }

    /// The classes' names, in the order of their labels.
    pub fn classes(self) -> Vec<String> {
        let names = match self {
            Builtin::Mnist => ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
            Builtin::FashionMnist => [
                "T-shirt/top",
                "Trouser",
                "Pullover",
                "Dress",
                "Coat",
                "Sandal",
                "Shirt",
                "Sneaker",
                "Bag",
                "Ankle boot",
            ],
        };
        names.map(str::to_owned).to_vec()
    }

    /// A network that is to learn from the dataset `id`: pictures for it must be brought to the likeness of that one's.
    /// Of other datasets nothing is known, and the network stays as it is.
    pub fn fitted(mut spec: ModelSpec, id: &str) -> ModelSpec {
        if let Some(builtin) = Builtin::of(id) {
            spec.preprocessing.fit = builtin.fit();
        }
        spec
    }

    /// `[channels, height, width]` of every image.
    pub fn shape(self) -> [usize; 3] {
        [1, 28, 28]
    }

    /// Images to train on, and to test on.
    pub fn counts(self) -> (usize, usize) {
        (60_000, 10_000)
    }

    /// How a picture must be brought to the size of these images, to be like them.
    pub fn fit(self) -> Fit {
        match self {
            Builtin::Mnist => Fit::Digit,
            Builtin::FashionMnist => Fit::Whole,
        }
    }
}
