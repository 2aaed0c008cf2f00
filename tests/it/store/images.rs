//! Images of the columns: whole or not at all, and with the changes behind them the present.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use juggler::domain::{Job, Text};
use juggler::store::faulty::{Fault, FaultyDisk};
use juggler::store::{Ack, Disk, Image, ImageStamp, ImageWriter, Options, RealDisk, Section, Store, read_image};
use proptest::prelude::*;
use tempfile::tempdir;

use super::rows::job;
use super::{begin, open, options};

const SCHEMA: u32 = 7;

fn sections() -> Vec<Section> {
    let section = |tag: u32, len: usize| Section { tag, bytes: (0..len).map(|n| (n * 7 + len) as u8).collect() };
    vec![section(1, 0), section(2, 1), section(9, 5_000), section(2, 300_000), section(4, 20), section(5, 2_000_000)]
}

fn write(store: &Store, stamp: ImageStamp, sections: Vec<Section>) -> juggler::error::Result<()> {
    let writer: ImageWriter = store.begin_image(stamp, SCHEMA);
    for Section { tag, bytes } in sections {
        writer.section(tag, bytes);
    }
    writer.finish().blocking_recv().unwrap()
}

fn stamp(store: &Store) -> ImageStamp {
    store.image_stamp().blocking_recv().unwrap().unwrap()
}

fn find(dir: &Path) -> (Option<Image>, Vec<Text>) {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    read_image(&disk, dir)
}

fn content(image: &Image) -> std::io::Result<Vec<Section>> {
    image.sections()?.collect()
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("columns-"))
        .collect();
    found.sort();
    found
}

#[test]
fn an_image_comes_back_as_it_was_handed_in_and_the_last_two_are_kept() {
    let dir = tempdir().unwrap();
    let store = open(dir.path(), options());
    store.opened.store.put_jobs((0..10).map(job).collect());
    for n in 0..4_u8 {
        let stamp = stamp(&store.opened.store);
        let mut sections = sections();
        sections[0].bytes = vec![n];
        write(&store.opened.store, stamp, sections.clone()).unwrap();
        let (image, said) = find(dir.path());
        let image = image.unwrap();
        assert_eq!((image.stamp, image.schema, content(&image).unwrap()), (stamp, SCHEMA, sections));
        assert!(said.is_empty() && stamp.rows == 10 && stamp.generation == 1);
    }
    assert_eq!(files(dir.path()), [3, 4].map(|n| dir.path().join(format!("columns-{n}.image"))));
    let stats = store.opened.store.stats().blocking_recv().unwrap();
    assert!(stats.image_bytes > 4_000_000, "{stats:?}");
    store.close();
}

#[test]
fn one_that_is_given_up_leaves_nothing() {
    let dir = tempdir().unwrap();
    let store = open(dir.path(), options());
    let writer = store.opened.store.begin_image(stamp(&store.opened.store), SCHEMA);
    writer.section(1, vec![1; 1 << 20]);
    drop(writer);
    // The next one may take the same name, and is whole.
    write(&store.opened.store, stamp(&store.opened.store), sections()).unwrap();
    assert_eq!(content(&find(dir.path()).0.unwrap()).unwrap(), sections());
    store.close();
}

#[test]
fn without_the_store_no_image_takes_its_place() {
    let dir = tempdir().unwrap();
    let store = open(dir.path(), options());
    let writer = store.opened.store.begin_image(stamp(&store.opened.store), SCHEMA);
    writer.section(1, vec![1; 100]);
    store.close();
    assert!(writer.finish().blocking_recv().unwrap().is_err());
    assert!(find(dir.path()).0.is_none());
    assert!(files(dir.path()).is_empty());
}

/// A small image and its bytes.
fn small(dir: &Path) -> Vec<u8> {
    let store = open(dir, options());
    let mut sections = sections();
    sections.truncate(3);
    write(&store.opened.store, stamp(&store.opened.store), sections).unwrap();
    store.close();
    std::fs::read(dir.join("columns-1.image")).unwrap()
}

#[test]
fn cut_short_anywhere_it_is_none() {
    let dir = tempdir().unwrap();
    let bytes = small(dir.path());
    let path = dir.path().join("columns-1.image");
    let boundaries = (0..200).chain(bytes.len() - 200..bytes.len()).chain((0..bytes.len()).step_by(997));
    for cut in boundaries {
        std::fs::write(&path, &bytes[..cut]).unwrap();
        let (image, said) = find(dir.path());
        assert!(image.is_none() && said[0].as_str().contains("columns-1.image cannot be used"), "{cut}: {said:?}");
    }
    for more in [&b"x"[..], b"SECT", &bytes] {
        std::fs::write(&path, [&bytes[..], more].concat()).unwrap();
        assert!(find(dir.path()).0.is_none());
    }
}

#[test]
fn sections_of_two_images_do_not_mix_nor_change_places() {
    let dir = tempdir().unwrap();
    let store = open(dir.path(), options());
    let same = |n: u8| vec![Section { tag: 1, bytes: vec![n; 100] }, Section { tag: 1, bytes: vec![n + 1; 100] }];
    let first = stamp(&store.opened.store);
    write(&store.opened.store, first, same(1)).unwrap();
    store.opened.store.put_jobs(vec![job(1)]);
    write(&store.opened.store, stamp(&store.opened.store), same(1)).unwrap();
    store.close();
    let read = |n: u32| std::fs::read(dir.path().join(format!("columns-{n}.image"))).unwrap();
    let (one, two) = (read(1), read(2));
    assert_eq!(one.len(), two.len());
    let (head, section) = (52, 124);
    let swapped =
        [&one[..head], &one[head + section..head + 2 * section], &one[head..head + section], &one[head + 2 * section..]];
    let mixed = [&one[..head], &two[head..head + section], &one[head + section..]];
    let other_head = [&two[..head], &one[head..]];
    std::fs::remove_file(dir.path().join("columns-2.image")).unwrap();
    let path = dir.path().join("columns-1.image");
    for bytes in [swapped.concat(), mixed.concat(), other_head.concat()] {
        assert_eq!(bytes.len(), one.len());
        std::fs::write(&path, bytes).unwrap();
        assert!(find(dir.path()).0.is_none());
    }
    std::fs::write(&path, &one).unwrap();
    assert_eq!(find(dir.path()).0.unwrap().stamp, first);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any one bit, and any short run of bytes, anywhere.
    #[test]
    fn a_changed_byte_is_found(at in 0.0..1.0_f64, bit in 0_u8..8, run in 1_usize..40) {
        use std::sync::OnceLock;
        static IMAGE: OnceLock<Vec<u8>> = OnceLock::new();
        let bytes = IMAGE.get_or_init(|| small(tempdir().unwrap().path()));
        let dir = tempdir().unwrap();
        let path = dir.path().join("columns-1.image");
        let at = (bytes.len() as f64 * at) as usize;
        let mut bad = bytes.clone();
        bad[at] ^= 1 << bit;
        std::fs::write(&path, &bad).unwrap();
        prop_assert!(find(dir.path()).0.is_none());
        let mut bad = bytes.clone();
        for byte in bad.iter_mut().skip(at).take(run) {
            *byte = !*byte;
        }
        std::fs::write(&path, &bad).unwrap();
        prop_assert!(find(dir.path()).0.is_none());
    }
}

#[test]
fn when_the_newest_is_damaged_the_one_before_it_and_the_changes_do() {
    let dir = tempdir().unwrap();
    let store = open(dir.path(), options());
    let handle = &store.opened.store;
    handle.put_jobs((0..100).map(job).collect());
    let first = stamp(handle);
    write(handle, first, sections()).unwrap();
    handle.put_jobs(vec![job(200)]);
    write(handle, stamp(handle), sections()).unwrap();
    handle.drop_jobs(vec![job(5).key]);
    store.close();
    let newest = dir.path().join("columns-2.image");
    let bytes = std::fs::read(&newest).unwrap();
    let check = |keys: Vec<_>, stamp: Option<ImageStamp>, said: bool| {
        let again = open(dir.path(), options());
        assert_eq!(again.opened.changed, Some(keys));
        assert_eq!(said, !again.opened.mended.is_empty(), "{:?}", again.opened.mended);
        if let Some(stamp) = stamp {
            assert_eq!(again.opened.image.as_ref().unwrap().stamp, stamp);
        }
        again.close();
    };
    check(vec![job(5).key], None, false);
    std::fs::write(&newest, &bytes[..bytes.len() - 1]).unwrap();
    check(vec![job(5).key, job(200).key], Some(first), true);
}

#[test]
fn an_image_of_another_cache_is_not_used() {
    let dir = tempdir().unwrap();
    let store = open(dir.path(), options());
    store.opened.store.put_jobs((0..10).map(job).collect());
    write(&store.opened.store, stamp(&store.opened.store), sections()).unwrap();
    store.close();
    std::fs::remove_dir_all(dir.path().join("sled-1")).unwrap();
    let (begun, mut acks) = begin(dir.path(), options());
    assert!(begun.image.blocking_recv().unwrap().is_some(), "it is whole");
    let Ack::Opened(ready) = acks.blocking_recv().unwrap() else { panic!("opened first") };
    let ready = ready.unwrap();
    assert!(ready.changed.is_none() && ready.mended[0].as_str().contains("does not belong"), "{ready:?}");
    begun.store.close();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// The promise: the newest image and a read of what changed since are the rows, however writes, images, rolls and restarts mix; also
    /// when writes go on while the image is made.
    #[test]
    fn an_image_and_its_changes_are_the_present(steps in proptest::collection::vec((0_u64..30, 0_u8..12), 1..60)) {
        let dir = tempdir().unwrap();
        let mut store = open(dir.path(), options());
        let mut model = BTreeMap::new();
        let columns = |model: &BTreeMap<_, Job>| Section { tag: 1, bytes: serde_json::to_vec(&model.values().collect::<Vec<_>>()).unwrap() };
        for (count, (n, what)) in steps.into_iter().enumerate() {
            let handle = &store.opened.store;
            match what {
                0..=4 => {
                    let job = Job { seen_count: count as u32, ..job(n) };
                    model.insert(job.key.clone(), job.clone());
                    handle.put_jobs(vec![job]);
                }
                5 | 6 => {
                    model.remove(&job(n).key);
                    handle.drop_jobs(vec![job(n).key]);
                }
                7 | 8 => {
                    let writer = handle.begin_image(stamp(handle), SCHEMA);
                    if n.is_multiple_of(2) {
                        let job = Job { seen_count: count as u32, ..job(n) };
                        model.insert(job.key.clone(), job.clone());
                        handle.put_jobs(vec![job]);
                    }
                    let section = columns(&model);
                    writer.section(section.tag, section.bytes);
                    writer.finish().blocking_recv().unwrap().unwrap();
                }
                9 => {
                    let keep = juggler::store::Keep::Where(Arc::new(|key: &str| !key.ends_with('3')));
                    handle.roll_generation(keep).blocking_recv().unwrap().unwrap();
                    model.retain(|key, _| !key.as_str().ends_with('3'));
                }
                _ => {
                    store.close();
                    store = open(dir.path(), options());
                    let opened = &store.opened;
                    prop_assert!(opened.mended.is_empty(), "{:?}", opened.mended);
                    prop_assert_eq!(opened.jobs.clone(), model.values().cloned().collect::<Vec<_>>());
                    if let Some(image) = &opened.image {
                        let sections = content(image).unwrap();
                        let jobs: Vec<Job> = serde_json::from_slice(&sections[0].bytes).unwrap();
                        let mut there: BTreeMap<_, Job> = jobs.into_iter().map(|job| (job.key.clone(), job)).collect();
                        let changed = opened.changed.clone().expect("it fits");
                        let now = opened.store.read_jobs(changed.clone()).blocking_recv().unwrap();
                        for (key, job) in changed.into_iter().zip(now) {
                            match job {
                                Some(job) => there.insert(key, job),
                                None => there.remove(&key),
                            };
                        }
                        prop_assert_eq!(&there, &model);
                    }
                }
            }
        }
        store.close();
    }
}

#[test]
fn a_new_image_is_wanted_when_a_fifth_changed_and_nobody_makes_one_the_log_ends() {
    let dir = tempdir().unwrap();
    let mut store = open(dir.path(), options());
    let handle = &store.opened.store;
    handle.put_jobs((0..12_000).map(job).collect());
    write(handle, stamp(handle), sections()).unwrap();
    let touch = |range: std::ops::Range<u64>, n: u32| range.map(|k| Job { seen_count: n, ..job(k) }).collect::<Vec<_>>();
    handle.put_jobs(touch(0..2_300, 2));
    assert_eq!(handle.stats().blocking_recv().unwrap().changes, 2_300);
    assert!(store.acks.try_recv().is_err());
    handle.put_jobs(touch(2_300..2_600, 2));
    handle.put_jobs(touch(2_600..2_900, 2));
    handle.stats().blocking_recv().unwrap();
    assert!(matches!(store.acks.try_recv(), Ok(Ack::ImageWanted)));
    assert!(store.acks.try_recv().is_err(), "once");
    write(handle, stamp(handle), sections()).unwrap();
    assert_eq!(handle.stats().blocking_recv().unwrap().changes, 2_900, "the image before it is kept as well");
    write(handle, stamp(handle), sections()).unwrap();
    assert_eq!(handle.stats().blocking_recv().unwrap().changes, 0);
    for round in 0..2 {
        handle.put_jobs(touch(0..12_000, 10 + round));
        let changes = handle.stats().blocking_recv().unwrap().changes;
        assert!(changes <= 12_300, "{changes}");
    }
    store.close();
    let again = open(dir.path(), options());
    assert!(again.opened.changed.is_none() && again.opened.jobs.len() == 12_000);
    again.close();
}

#[test]
fn whatever_the_disk_does_an_image_is_whole_or_not_there() {
    for fault in [Fault::Io, Fault::Full, Fault::Short] {
        for persistent in [false, true].into_iter().take(if fault == Fault::Io { 2 } else { 1 }) {
            let mut worked = 0;
            for n in 1.. {
                let dir = tempdir().unwrap();
                let store = open(dir.path(), options());
                store.opened.store.put_jobs((0..10).map(job).collect());
                write(&store.opened.store, stamp(&store.opened.store), sections()).unwrap();
                store.close();
                let counter = FaultyDisk::new(0, fault, false);
                open(dir.path(), Options { disk: Arc::new(counter.clone()), ..options() }).close();
                let disk = FaultyDisk::new(counter.calls() + n, fault, persistent);
                let store = open(dir.path(), Options { disk: Arc::new(disk.clone()), ..options() });
                let second = stamp(&store.opened.store);
                let done = write(&store.opened.store, second, sections());
                store.close();
                let (image, said) = find(dir.path());
                assert!(said.is_empty(), "{fault:?} {n}: {said:?}");
                let image = image.expect("the one before stays");
                assert_eq!(content(&image).unwrap(), sections());
                if let Err(failure) = &done {
                    assert!(!failure.why.is_empty() && !failure.hint.is_empty());
                } else {
                    worked += 1;
                    assert_eq!(files(dir.path()).len(), 2);
                }
                if disk.calls() < counter.calls() + n {
                    break;
                }
            }
            assert!(worked > 0);
        }
    }
    // A disk that fails while an image is read.
    let dir = tempdir().unwrap();
    small(dir.path());
    let failing: Arc<dyn Disk> = Arc::new(FaultyDisk::new(1, Fault::Io, true));
    assert!(read_image(&failing, dir.path()).0.is_none());
}
