//! A picture's file as pixels, as the page has them from Chromium: upright, in sRGB, and of a JPEG that was cut what is
//! there.

use std::io::Cursor;

use image::error::{LimitError, LimitErrorKind};
use image::metadata::Orientation;
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, ImageResult, RgbaImage,
};
use moxcms::{
    Chromaticity, CicpColorPrimaries, CicpProfile, CmsError, ColorPrimaries, ColorProfile,
    DataColorSpace, Layout, MatrixCoefficients, ToneReprCurve, TransferCharacteristics,
    TransformOptions,
};

/// The largest picture that is decoded: a small file may promise any size.
const MAX_PIXELS: u64 = 200_000_000;

pub struct Picture {
    pub pixels: RgbaImage,
    /// Whether the file's end is missing, and so a part of the picture.
    pub cut: bool,
}

/// # Errors
/// If the file is no picture of a kind that is known, or is cut and no JPEG.
pub fn decode(file: &[u8]) -> ImageResult<Picture> {
    let reader = ImageReader::new(Cursor::new(file)).with_guessed_format()?;
    let format = reader.format();
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        let kind = LimitErrorKind::DimensionError;
        return Err(ImageError::Limits(LimitError::from_kind(kind)));
    }
    let orientation = orientation(&mut decoder);
    let colours = match format {
        Some(ImageFormat::Png) => png_colours(file),
        _ => decoder.icc_profile().ok().flatten().and_then(icc),
    };
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    let pixels = match colours {
        Some(colours) => in_srgb(&image, &colours).unwrap_or_else(|_| image.to_rgba8()),
        None => image.into_rgba8(),
    };
    let cut = format == Some(ImageFormat::Jpeg) && !has_end(file);
    Ok(Picture { pixels, cut })
}

/// As the camera was held, if the file says it (EXIF).
fn orientation(decoder: &mut impl ImageDecoder) -> Orientation {
    let exif = decoder.exif_metadata().ok().flatten().unwrap_or_default();
    // In WebP some programs write the prefix that belongs to JPEG.
    let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(&exif);
    Orientation::from_exif_chunk(exif).unwrap_or(Orientation::NoTransforms)
}

fn icc(profile: impl AsRef<[u8]>) -> Option<ColorProfile> {
    ColorProfile::new_from_slice(profile.as_ref()).ok()
}

/// The first that is there: code points (cICP), a profile (iCCP), sRGB, a gamma with or without primaries.
fn png_colours(file: &[u8]) -> Option<ColorProfile> {
    let reader = png::Decoder::new(Cursor::new(file)).read_info().ok()?;
    let info = reader.info();
    if let Some(points) = info.coding_independent_code_points {
        return coded(points);
    }
    if let Some(profile) = &info.icc_profile {
        return icc(profile);
    }
    match (info.srgb, info.gama_chunk) {
        (None, Some(gamma)) => with_gamma(gamma.into_value(), info.chrm_chunk),
        _ => None,
    }
}

fn coded(points: png::CodingIndependentCodePoints) -> Option<ColorProfile> {
    let points = CicpProfile {
        color_primaries: CicpColorPrimaries::try_from(points.color_primaries).ok()?,
        transfer_characteristics: TransferCharacteristics::try_from(points.transfer_function)
            .ok()?,
        matrix_coefficients: MatrixCoefficients::try_from(points.matrix_coefficients).ok()?,
        full_range: points.is_video_full_range_image,
    };
    let mut colours = ColorProfile::new_srgb();
    // Points that it does not know leave sRGB. It answers false even when it has done it (moxcms 0.8.1).
    colours.update_rgb_colorimetry_from_cicp(points);
    Some(colours)
}

/// A gamma near 1 / 2.2 without primaries says no more than sRGB: libpng's threshold, which Chromium keeps.
const NEAR_SRGB: f32 = 0.05;

fn with_gamma(gamma: f32, primaries: Option<png::SourceChromaticities>) -> Option<ColorProfile> {
    let near_srgb = (gamma * 2.2 - 1.0).abs() < NEAR_SRGB;
    if gamma <= 0.0 || (primaries.is_none() && near_srgb) {
        return None;
    }
    let mut colours = ColorProfile::new_srgb();
    if let Some(primaries) = primaries {
        let at = |(x, y): (png::ScaledFloat, png::ScaledFloat)| Chromaticity {
            x: x.into_value(),
            y: y.into_value(),
        };
        let three = ColorPrimaries {
            red: at(primaries.red),
            green: at(primaries.green),
            blue: at(primaries.blue),
        };
        colours.update_rgb_colorimetry(at(primaries.white).to_xyyb(), three);
    }
    let curve = ToneReprCurve::Parametric(vec![1.0 / gamma]);
    colours.red_trc = Some(curve.clone());
    colours.green_trc = Some(curve.clone());
    colours.blue_trc = Some(curve);
    // Otherwise its transfer would be used and not the curves.
    colours.cicp = None;
    Some(colours)
}

fn in_srgb(image: &DynamicImage, colours: &ColorProfile) -> Result<RgbaImage, CmsError> {
    let grey = !image.color().has_color();
    let layouts = match colours.color_space {
        DataColorSpace::Rgb => (Layout::Rgba, Layout::Rgba),
        DataColorSpace::Gray if grey => (Layout::GrayAlpha, Layout::Rgba),
        // A profile of something else.
        _ => return Ok(image.to_rgba8()),
    };
    let (from, to) = layouts;
    let options = TransformOptions::default();
    let transform = colours.create_transform_8bit(from, &ColorProfile::new_srgb(), to, options)?;
    let mut made = RgbaImage::new(image.width(), image.height());
    let stored = match from {
        Layout::GrayAlpha => image.to_luma_alpha8().into_raw(),
        _ => image.to_rgba8().into_raw(),
    };
    transform.transform(&stored, &mut made)?;
    Ok(made)
}

/// Whether a JPEG has the marker that ends it, after the pixels: in its head a thumbnail may have one of its own.
fn has_end(file: &[u8]) -> bool {
    let mut at = 2;
    // Segments: a marker, then a length that counts itself.
    while let Some(&[0xff, marker, high, low]) = file.get(at..at + 4) {
        // In front of a marker there may be any number of these.
        if marker == 0xff {
            at += 1;
            continue;
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
        if marker == 0xda {
            break;
        }
    }
    let pixels = file.get(at..).unwrap_or_default();
    pixels.windows(2).any(|pair| pair == [0xff, 0xd9])
}
