//! A photo of a leaf with spots, painted by numbers.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use hark_store::Result;

const WIDTH: u32 = 480;
const HEIGHT: u32 = 320;
/// Spots on the leaf: place and radius.
const SPOTS: &[(f64, f64, f64)] = &[
    (210.0, 120.0, 17.0),
    (262.0, 190.0, 12.0),
    (300.0, 110.0, 9.0),
    (180.0, 205.0, 14.0),
    (330.0, 165.0, 18.0),
    (240.0, 150.0, 7.0),
    (150.0, 160.0, 10.0),
    (285.0, 225.0, 8.0),
];

/// The photo as a PNG file.
///
/// # Errors
/// When it cannot be packed.
pub(super) fn leaf() -> Result<Vec<u8>> {
    let mut lines = Vec::new();
    for y in 0..HEIGHT {
        // Each line says how it is filtered: not at all.
        lines.push(0);
        for x in 0..WIDTH {
            lines.extend(colour(f64::from(x), f64::from(y)));
        }
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    let write = packed.write_all(&lines).and_then(|()| packed.finish());
    let packed = write.map_err(|error| hark_store::Error::Internal(error.into()))?;
    let mut header = [WIDTH.to_be_bytes(), HEIGHT.to_be_bytes()].concat();
    header.extend([8, 2, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, b"IHDR", &header);
    chunk(&mut file, b"IDAT", &packed);
    chunk(&mut file, b"IEND", &[]);
    Ok(file)
}

fn chunk(file: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    let mut sum = Crc::new();
    sum.update(name);
    sum.update(content);
    file.extend(u32::try_from(content.len()).unwrap_or_default().to_be_bytes());
    file.extend(name);
    file.extend(content);
    file.extend(sum.sum().to_be_bytes());
}

/// Red, green and blue of a place: a leaf with a rib and spots in front of soil.
fn colour(x: f64, y: f64) -> [u8; 3] {
    let (across, down) = ((x - 240.0) / 170.0, (y - 165.0) / 105.0);
    let edge = across * across + down * down * (1.0 + 0.4 * across);
    let blend = |from: [f64; 3], to: [f64; 3], share: f64| {
        let share = share.clamp(0.0, 1.0);
        [0, 1, 2].map(|part| (from[part] + (to[part] - from[part]) * share) as u8)
    };
    if edge > 1.0 {
        let grain = ((x * 0.9).sin() * (y * 1.3).cos() + (x * 0.23 + y * 0.31).sin()) * 0.25 + 0.5;
        return blend([58.0, 43.0, 30.0], [92.0, 70.0, 48.0], grain);
    }
    let nearest =
        SPOTS.iter().map(|(left, top, radius)| (x - left).hypot(y - top) - radius).fold(f64::MAX, f64::min);
    let leaf = blend([96.0, 152.0, 62.0], [52.0, 108.0, 44.0], edge);
    let rib =
        (down + across * 0.15).abs() < 0.025 || ((across * 9.0 + down.abs() * 6.0).fract().abs() < 0.05);
    let leaf = if rib { [126, 176, 88] } else { leaf };
    blend([224.0, 222.0, 206.0], leaf.map(f64::from), (nearest + 4.0) / 8.0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_photo_is_a_small_png() {
        let file = super::leaf().expect("a picture");
        assert!(file.starts_with(b"\x89PNG\r\n\x1a\n") && file.ends_with(b"IEND\xaeB`\x82"));
        assert!((1_000..250_000).contains(&file.len()), "{} bytes", file.len());
    }
}
