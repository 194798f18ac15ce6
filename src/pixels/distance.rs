//! Distances to a shape, exact and in linear time.

/// For each pixel the Euclidean distance, in pixels between centres, to the nearest pixel for which `inside` is true;
/// infinite if there is none. Row-major, `width` wide.
///
/// Felzenszwalb & Huttenlocher 2012, "Distance Transforms of Sampled Functions"
/// (<https://doi.org/10.4086/toc.2012.v008a019>), with their first pass, along the columns, as two sweeps.
pub fn to_nearest(inside: &[bool], width: usize) -> Vec<f32> {
    let mut field = column_distances(inside, width);
    let mut envelope = Envelope::default();
    let mut line = vec![0.0; width];
    for row in field.chunks_exact_mut(width) {
        for (value, &distance) in line.iter_mut().zip(row.iter()) {
            *value = distance * distance;
        }
        envelope.lower(&line, row);
    }
    field
}

/// The distance along its own column alone.
fn column_distances(inside: &[bool], width: usize) -> Vec<f32> {
    let mut field: Vec<f32> = inside
        .iter()
        .map(|&inside| if inside { 0.0 } else { f32::INFINITY })
        .collect();
    let height = field.len() / width;
    for y in 1..height {
        let (above, here) = field[(y - 1) * width..(y + 1) * width].split_at_mut(width);
        for (here, above) in here.iter_mut().zip(above) {
            *here = here.min(*above + 1.0);
        }
    }
    for y in (1..height).rev() {
        let (above, here) = field[(y - 1) * width..(y + 1) * width].split_at_mut(width);
        for (above, here) in above.iter_mut().zip(here) {
            *above = above.min(*here + 1.0);
        }
    }
    field
}

/// The lower envelope of parabolas, kept between lines for its memory.
#[derive(Default)]
struct Envelope {
    /// Where each parabola of the envelope stands, and where it begins to be the lowest.
    vertices: Vec<(usize, f32)>,
}

impl Envelope {
    /// out[x] = √ min over v of (x − v)² + squared[v]
    fn lower(&mut self, squared: &[f32], out: &mut [f32]) {
        self.vertices.clear();
        for (v, &height) in squared
            .iter()
            .enumerate()
            .filter(|(_, height)| height.is_finite())
        {
            let mut start = f32::NEG_INFINITY;
            while let Some(&(u, begins)) = self.vertices.last() {
                start = crossing((u, squared[u]), (v, height));
                if start > begins {
                    break;
                }
                self.vertices.pop();
                start = f32::NEG_INFINITY;
            }
            self.vertices.push((v, start));
        }
        let mut current = 0;
        for (x, out) in out.iter_mut().enumerate() {
            while self
                .vertices
                .get(current + 1)
                .is_some_and(|&(_, begins)| begins < x as f32)
            {
                current += 1;
            }
            *out = match self.vertices.get(current) {
                Some(&(v, _)) => {
                    let step = x as f32 - v as f32;
                    (step * step + squared[v]).sqrt()
                }
                None => f32::INFINITY,
            };
        }
    }
}

/// Where two parabolas with vertices `u` < `v` and the given heights there meet.
fn crossing((u, at_u): (usize, f32), (v, at_v): (usize, f32)) -> f32 {
    let (u, v) = (u as f32, v as f32);
    ((at_v + v * v) - (at_u + u * u)) / (2.0 * (v - u))
}

#[cfg(test)]
mod tests {
    use super::to_nearest;

    #[test]
    fn the_distance_is_that_to_the_nearest_pixel_inside() {
        let width = 17;
        let inside: Vec<bool> = (0..width * 11)
            .map(|i| [3, 50, 51, 140].contains(&i))
            .collect();
        let field = to_nearest(&inside, width);
        for (i, &distance) in field.iter().enumerate() {
            let to = |j: usize| {
                ((i % width) as f32 - (j % width) as f32)
                    .hypot((i / width) as f32 - (j / width) as f32)
            };
            let nearest = [3, 50, 51, 140]
                .map(to)
                .into_iter()
                .fold(f32::INFINITY, f32::min);
            assert!(
                (distance - nearest).abs() < 1e-4,
                "pixel {i}: {distance} for {nearest}"
            );
        }
    }

    #[test]
    fn with_nothing_inside_every_distance_is_infinite() {
        assert!(to_nearest(&[false; 12], 4).iter().all(|d| d.is_infinite()));
    }
}
