//! What a file asks for: how a picture is brought to the network's size, and which number each byte becomes. The one path,
//! on which training, testing, answering and explaining see the same.

use serde::{Deserialize, Serialize};

use super::{Filter, Fit};
use crate::older::reads_older;

/// How a picture becomes the network's input.
#[derive(Serialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Preprocessing {
    pub fit: Fit,
    /// Each byte `b` becomes `(b − offset) × scale`.
    pub offset: PerChannel,
    pub scale: PerChannel,
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    #[serde(skip_serializing_if = "ChannelOrder::is_usual")]
    pub order: ChannelOrder,
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    #[serde(skip_serializing_if = "Ink::is_usual")]
    pub ink: Ink,
}

impl Default for Preprocessing {
    fn default() -> Self {
        Preprocessing::DIGIT
    }
}

reads_older!(Preprocessing {
    fit: "fit",
    offset: "offset",
    scale: "scale",
    order: "order",
    ink: "ink",
});

/// A number for each channel: red, green and blue, whatever the order in which the network takes them. Grey images have
/// the first.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[cfg_attr(
    target_family = "wasm",
    tsify(type = "number | [number, number, number]")
)]
pub struct PerChannel(pub [f32; 3]);

impl PerChannel {
    pub const fn all(value: f32) -> Self {
        PerChannel([value; 3])
    }

    fn is_finite(self) -> bool {
        self.0.iter().all(|value| value.is_finite())
    }
}

/// One number if all are the same, as older versions have it.
impl Serialize for PerChannel {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            [a, b, c] if a == b && b == c => a.serialize(to),
            all => all.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for PerChannel {
    fn deserialize<D: serde::Deserializer<'de>>(given: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Given {
            One(f32),
            Each([f32; 3]),
        }
        Ok(match Given::deserialize(given)? {
            Given::One(value) => PerChannel::all(value),
            Given::Each(values) => PerChannel(values),
        })
    }
}

/// In which order a network takes the colours.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum ChannelOrder {
    #[default]
    Rgb,
    /// As OpenCV and Caffe have it.
    Bgr,
}

impl ChannelOrder {
    fn is_usual(&self) -> bool {
        *self == ChannelOrder::Rgb
    }
}

/// Whether what is drawn is bright on dark, as in MNIST, or dark on bright. It matters for networks that take ink
/// ([`Fit::takes_ink`]) alone.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Ink {
    #[default]
    Light,
    /// Each byte `b` becomes `255 − b` before anything else.
    Dark,
}

impl Ink {
    fn is_usual(&self) -> bool {
        *self == Ink::Light
    }
}

/// ImageNet's mean and standard deviation of red, green and blue, of values 0–1, as torchvision has them
/// (<https://pytorch.org/vision/stable/models.html>).
const IMAGENET_MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const IMAGENET_DEVIATION: [f32; 3] = [0.229, 0.224, 0.225];
/// ImageNet's mean of red, green and blue, of bytes, as Caffe's networks take it off.
const CAFFE_MEAN: [f32; 3] = [123.68, 116.779, 103.939];
/// MNIST's mean and standard deviation, of values 0–1, as PyTorch's example has them
/// (<https://github.com/pytorch/examples/blob/main/mnist/main.py>).
const MNIST_MEAN: f32 = 0.1307;
const MNIST_DEVIATION: f32 = 0.3081;

impl Preprocessing {
    /// Ink cropped and centred as in MNIST, bytes divided by 255.
    pub const DIGIT: Preprocessing = Preprocessing {
        fit: Fit::Digit,
        offset: PerChannel::all(0.0),
        scale: PerChannel::all(1.0 / 255.0),
        order: ChannelOrder::Rgb,
        ink: Ink::Light,
    };

    /// The whole picture, bytes divided by 255.
    pub const WHOLE: Preprocessing = Preprocessing {
        fit: Fit::Whole,
        ..Preprocessing::DIGIT
    };

    /// A photograph: most of its middle, bytes divided by 255.
    pub const PHOTO: Preprocessing = Preprocessing {
        fit: Fit::photo(0.875),
        ..Preprocessing::DIGIT
    };

    /// What is likely meant by a file for images of this `shape` (channels, height, width) that does not say.
    pub fn of_shape(shape: [usize; 3]) -> Self {
        match shape[0] {
            1 => Preprocessing::DIGIT,
            _ => Preprocessing::PHOTO,
        }
    }

    /// An image `[channels, height, width]` of bytes, ink bright and colours red, green, blue → the network's numbers, in
    /// its order. `to` has as many places.
    pub fn apply(&self, bytes: &[u8], channels: usize, to: &mut [f32]) {
        let plane = (bytes.len() / channels.max(1)).max(1);
        for (channel, to) in to.chunks_exact_mut(plane).take(channels).enumerate() {
            let colour = self.colour(channel, channels);
            let (offset, scale, ink) = self.line(colour);
            for (to, &byte) in to.iter_mut().zip(&bytes[colour * plane..]) {
                *to = ink.of(f32::from(byte), offset, scale);
            }
        }
    }

    /// The same as an image of its own.
    pub fn image(&self, bytes: &[u8], channels: usize) -> Vec<f32> {
        let mut image = vec![0.0; bytes.len()];
        self.apply(bytes, channels, &mut image);
        image
    }

    /// The same of values 0–1, in place.
    pub fn apply_to_shares(&self, values: &mut [f32], channels: usize) {
        let plane = values.len() / channels.max(1);
        if self.order == ChannelOrder::Bgr && channels == 3 {
            let (first, rest) = values.split_at_mut(plane);
            first.swap_with_slice(&mut rest[plane..]);
        }
        for (channel, values) in values.chunks_exact_mut(plane.max(1)).enumerate() {
            let (offset, scale, ink) = self.line(self.colour(channel, channels));
            for value in values {
                *value = ink.of(*value * 255.0, offset, scale);
            }
        }
    }

    /// Which of red, green and blue stands in this place of the network's.
    fn colour(&self, channel: usize, channels: usize) -> usize {
        match self.order {
            ChannelOrder::Bgr if channels == 3 => 2 - channel,
            _ => channel,
        }
    }

    fn line(&self, colour: usize) -> (f32, f32, Ink) {
        let of = |each: PerChannel| each.0[colour.min(2)];
        let ink = match self.fit {
            Fit::Digit | Fit::Whole => self.ink,
            _ => Ink::Light,
        };
        (of(self.offset), of(self.scale), ink)
    }

    /// Whether the numbers are ones that can be calculated with: a file may come from anyone.
    pub fn is_sound(&self) -> bool {
        self.offset.is_finite() && self.scale.is_finite() && self.fit.is_sound()
    }
}

impl Ink {
    fn of(self, byte: f32, offset: f32, scale: f32) -> f32 {
        match self {
            Ink::Light => (byte - offset) * scale,
            Ink::Dark => (255.0 - byte - offset) * scale,
        }
    }
}

/// What files from elsewhere commonly ask for, by name.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum KnownPreprocessing {
    /// 0 to 1, ink centred as in MNIST.
    Digits,
    /// 0 to 1, less MNIST's mean, by its standard deviation.
    Mnist,
    /// 0 to 1, less ImageNet's mean, by its standard deviation, for each colour.
    Imagenet,
    /// 0 to 1
    Unit,
    /// −1 to 1
    Signed,
    /// 0 to 255
    Bytes,
    /// Blue, green, red, less ImageNet's mean of each.
    Caffe,
    /// EfficientNet-Lite's: (byte − 127) / 128.
    Lite,
}

impl KnownPreprocessing {
    pub const ALL: [KnownPreprocessing; 8] = [
        KnownPreprocessing::Digits,
        KnownPreprocessing::Mnist,
        KnownPreprocessing::Imagenet,
        KnownPreprocessing::Unit,
        KnownPreprocessing::Signed,
        KnownPreprocessing::Bytes,
        KnownPreprocessing::Caffe,
        KnownPreprocessing::Lite,
    ];

    /// Those that there are for images of this `shape` (channels, height, width).
    pub fn all_for(shape: [usize; 3]) -> impl Iterator<Item = Self> {
        use KnownPreprocessing::{Bytes, Caffe, Digits, Imagenet, Lite, Mnist, Signed, Unit};
        let digit = Fit::Digit.takes_ink(shape);
        let colour = shape[0] == 3;
        Self::ALL.into_iter().filter(move |known| match known {
            Digits | Mnist => digit,
            Imagenet | Caffe | Lite => colour,
            // For images of digits it is what `Digits` is.
            Unit => !digit,
            Signed | Bytes => true,
        })
    }

    /// For images of this `shape` (channels, height, width).
    pub fn preprocessing(self, shape: [usize; 3]) -> Preprocessing {
        let fit = match shape[0] {
            1 if Fit::Digit.takes_ink(shape) => Fit::Digit,
            1 => Fit::Whole,
            _ => Fit::Photo {
                crop: 0.875,
                filter: Filter::Bilinear,
            },
        };
        // `(b / 255 − mean) / deviation`
        let usual = |mean: [f32; 3], deviation: [f32; 3]| {
            (
                PerChannel(mean.map(|mean| 255.0 * mean)),
                PerChannel(deviation.map(|deviation| 1.0 / (255.0 * deviation))),
            )
        };
        let all = |offset: f32, scale: f32| (PerChannel::all(offset), PerChannel::all(scale));
        let (offset, scale) = match self {
            KnownPreprocessing::Digits | KnownPreprocessing::Unit => all(0.0, 1.0 / 255.0),
            KnownPreprocessing::Mnist => usual([MNIST_MEAN; 3], [MNIST_DEVIATION; 3]),
            KnownPreprocessing::Imagenet => usual(IMAGENET_MEAN, IMAGENET_DEVIATION),
            KnownPreprocessing::Signed => all(127.5, 1.0 / 127.5),
            KnownPreprocessing::Bytes => all(0.0, 1.0),
            KnownPreprocessing::Caffe => (PerChannel(CAFFE_MEAN), PerChannel::all(1.0)),
            KnownPreprocessing::Lite => all(127.0, 1.0 / 128.0),
        };
        Preprocessing {
            fit: match self {
                KnownPreprocessing::Lite => Fit::photo(0.875),
                _ => fit,
            },
            offset,
            scale,
            order: match self {
                KnownPreprocessing::Caffe => ChannelOrder::Bgr,
                _ => ChannelOrder::Rgb,
            },
            ink: Ink::Light,
        }
    }

    /// Which one this is, for images of this `shape` (channels, height, width); `None` if it is none.
    pub fn of(preprocessing: &Preprocessing, shape: [usize; 3]) -> Option<Self> {
        Self::all_for(shape).find(|known| known.preprocessing(shape) == *preprocessing)
    }
}
