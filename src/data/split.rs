//! Giving samples out to training, validation and test.

use std::collections::HashMap;

use rand::seq::SliceRandom;

use super::order::{self, Stream};
use super::{DataError, DataErrorKind, Split};

/// What is known of a sample before it is given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Its class; samples without one are trained on once they have one.
    pub label: Option<u16>,
    /// Samples of one number show the same, and are never parted.
    pub group: u32,
    /// Where it already is.
    pub split: Option<Split>,
    /// Whether a person has put it there.
    pub pinned: bool,
}

/// The shares (0–1) that validation and test are to have of each class; training has the rest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares {
    pub validation: f32,
    pub test: f32,
}

/// The split of every sample.
///
/// A sample that has a split keeps it; the others are given out by chance so that each class comes within one sample of
/// its shares, as far as what is there already and the groups allow, and all classes together to theirs. Samples of a
/// group go together: with the first that is pinned, otherwise with the first that has a split; pins stand whatever the
/// group does. Every class that has a sample which is not pinned has one to learn from, even if it must be taken from a
/// split. Samples without a label go to training, unless their group is elsewhere.
///
/// The answer depends on nothing but `members`, `shares` and `seed`.
///
/// # Errors
/// If a share is below 0 or no number, or both are more than everything.
pub fn assign(members: &[Member], shares: Shares, seed: u64) -> Result<Vec<Split>, DataError> {
    let Shares { validation, test } = shares;
    let sound = validation >= 0.0 && test >= 0.0 && validation + test <= 1.0;
    if !sound {
        return Err(DataErrorKind::Shares { validation, test }.into());
    }
    let mut places = Places::of(members);
    let mut waiting = places.settle();
    waiting.shuffle(&mut order::generator(seed, Stream::Splits, 0));
    places.give_out(&waiting, shares);
    places.keep_one_to_learn();
    let splits = places.splits.iter();
    Ok(splits.map(|split| split.unwrap_or(Split::Train)).collect())
}

/// Where the samples are so far.
struct Places<'a> {
    members: &'a [Member],
    /// The samples of each group, in the order in which the groups first appear.
    groups: Vec<Vec<usize>>,
    splits: Vec<Option<Split>>,
    /// Samples of each class in training, validation, test, and nowhere yet.
    counts: Vec<Counts>,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    train: usize,
    validation: usize,
    test: usize,
    waiting: usize,
}

impl Counts {
    fn of(&mut self, split: Option<Split>) -> &mut usize {
        match split {
            Some(Split::Train) => &mut self.train,
            Some(Split::Validation) => &mut self.validation,
            Some(Split::Test) => &mut self.test,
            None => &mut self.waiting,
        }
    }

    fn all(&self) -> usize {
        self.train + self.validation + self.test + self.waiting
    }
}

impl<'a> Places<'a> {
    fn of(members: &'a [Member]) -> Self {
        let mut numbers = HashMap::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (i, member) in members.iter().enumerate() {
            let at = *numbers.entry(member.group).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[at].push(i);
        }
        let labels = members.iter().filter_map(|member| member.label);
        let classes = labels.max().map_or(0, |most| usize::from(most) + 1);
        let mut places = Places {
            members,
            groups,
            splits: vec![None; members.len()],
            counts: vec![Counts::default(); classes],
        };
        for member in members {
            if let Some(label) = member.label {
                places.counts[usize::from(label)].waiting += 1;
            }
        }
        places
    }

    fn put(&mut self, sample: usize, split: Split) {
        let before = self.splits[sample].replace(split);
        if let Some(label) = self.members[sample].label {
            let counts = &mut self.counts[usize::from(label)];
            *counts.of(before) -= 1;
            *counts.of(Some(split)) += 1;
        }
    }

    /// Puts every group that knows where it belongs in its place; answers with the others.
    fn settle(&mut self) -> Vec<u32> {
        let mut waiting = Vec::new();
        for group in 0..self.groups.len() {
            let of_group = || self.groups[group].iter().map(|&i| &self.members[i]);
            let pinned = of_group().find(|member| member.pinned && member.split.is_some());
            let placed = pinned.or_else(|| of_group().find(|member| member.split.is_some()));
            let labelled = of_group().any(|member| member.label.is_some());
            match placed.and_then(|member| member.split) {
                Some(split) => self.put_group(group, split),
                None if labelled => waiting.push(group as u32),
                None => self.put_group(group, Split::Train),
            }
        }
        waiting
    }

    /// Pins stay where they are.
    fn put_group(&mut self, group: usize, split: Split) {
        for i in self.groups[group].clone() {
            let member = self.members[i];
            let own = member.split.filter(|_| member.pinned);
            self.put(i, own.unwrap_or(split));
        }
    }

    /// Test is filled first, then validation; what is left is trained on.
    fn give_out(&mut self, waiting: &[u32], shares: Shares) {
        let test = due(&self.counts, f64::from(shares.test));
        let validation = due(&self.counts, f64::from(shares.validation));
        for &group in waiting {
            let needs = self.of_classes(group as usize);
            let fits = |taken: fn(&Counts) -> usize, due: &[usize]| {
                needs.iter().all(|&(class, n)| {
                    let counts = &self.counts[class];
                    // Somebody must be left to learn from.
                    taken(counts) + n <= due[class] && counts.train + counts.waiting > n
                })
            };
            let to_test = fits(|counts| counts.test, &test);
            let to_validation = fits(|counts| counts.validation, &validation);
            let split = match (to_test, to_validation) {
                (true, _) => Split::Test,
                (_, true) => Split::Validation,
                _ => Split::Train,
            };
            self.put_group(group as usize, split);
        }
    }

    /// How many samples of each class are in a group.
    fn of_classes(&self, group: usize) -> Vec<(usize, usize)> {
        let mut counts: Vec<(usize, usize)> = Vec::new();
        for label in self.groups[group]
            .iter()
            .filter_map(|&i| self.members[i].label)
        {
            let class = usize::from(label);
            match counts.iter_mut().find(|(known, _)| *known == class) {
                Some((_, count)) => *count += 1,
                None => counts.push((class, 1)),
            }
        }
        counts
    }

    /// Brings a group of each class that has none in training there, if one can be moved.
    fn keep_one_to_learn(&mut self) {
        for group in 0..self.groups.len() {
            let members = || self.groups[group].iter().map(|&i| &self.members[i]);
            let lacks = |member: &Member| {
                let label = member.label.map(usize::from);
                label.is_some_and(|class| self.counts[class].train == 0)
            };
            let pinned = members().any(|member| member.pinned && member.split.is_some());
            if !pinned && members().any(lacks) {
                self.put_group(group, Split::Train);
            }
        }
    }
}

/// How many samples of each class make its share: within one of it, and of all classes together rounded.
fn due(counts: &[Counts], share: f64) -> Vec<usize> {
    let mut seen = 0;
    let up_to = |samples: usize| (share * samples as f64).round() as usize;
    let each = counts.iter().map(|counts| {
        let before = seen;
        seen += counts.all();
        up_to(seen) - up_to(before)
    });
    each.collect()
}
