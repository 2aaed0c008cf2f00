//! `juggler picture` by the real binary: files, and a draft on a market.

use crate::checks::seeded::{dice, pictures::Made};
use crate::cli::{Place, Ran};

fn put(place: &Place, name: &str, made: &Made) {
    std::fs::write(place.path().join(name), made.bytes()).unwrap();
}

fn ok(ran: Ran) -> Ran {
    assert_eq!(ran.code, 0, "{ran:?}");
    ran
}

#[test]
fn facts_and_edits_of_files() {
    let place = Place::new();
    let mut made = Made::good(&mut dice(1));
    made.texts.push(("parameters", "a fern\nSteps: 9, Sampler: Euler".into()));
    put(&place, "art.png", &made);

    let told = ok(place.run(&["picture", "facts", "art.png"]));
    for line in ["225 × 270 pixels (5:6", "cut out:", "300 pixels an inch", "profile sRGB", "(a prompt)", "declares AI"] {
        assert!(told.out.contains(line), "{line} is not in\n{}", told.out);
    }
    let told = ok(place.run(&["picture", "facts", "--json", "art.png", "art.png"])).lines();
    assert_eq!((told.len(), &told[0]["width"], &told[0]["picture"]["per_metre"][0]), (2, &225.into(), &11_811.into()));

    let done = ok(place.run(&["picture", "edit", "art.png", "resize", "450x540", "dpi", "150"]));
    assert!(done.out.contains("art-edited.png: 450 × 540") && done.err.contains("enlarged to 200 %"), "{done:?}");
    let again = place.run(&["picture", "edit", "art.png", "trim"]);
    assert!(again.code == 2 && again.err.contains("--to"), "nothing is written over: {again:?}");
    ok(place.run(&["picture", "edit", "art.png", "trim", "--to", "small.png", "--json"]));
    assert!(ok(place.run(&["picture", "facts", "art-edited.png"])).out.contains("150 pixels an inch"));

    let wrong = place.run(&["picture", "edit", "art.png", "blur", "3"]);
    assert!(wrong.code == 2 && wrong.err.contains("“blur” is no edit"), "{wrong:?}");
    let shape = place.run(&["picture", "edit", "art.png", "resize", "300x300", "--to", "x.png"]);
    assert!(shape.code == 5 && shape.err.contains("fit 300x300") && !place.path().join("x.png").exists(), "{shape:?}");
    std::fs::write(place.path().join("torn.png"), &made.bytes()[..900]).unwrap();
    assert!(ok(place.run(&["picture", "facts", "torn.png"])).out.contains("damaged or cut short"));
    assert_eq!(place.run(&["picture", "facts", "none.png"]).code, 2);
}

/// An open job for a shirt's print, claimed.
fn shirt(place: &Place) -> String {
    let jobs = ok(place.run(&["jobs", "--poll", "--json", "--limit", "300", "kind:art merch drop"])).lines();
    let prints = jobs.iter().filter(|row| row["title"].as_str().unwrap().contains("merch drop"));
    let keys: Vec<&str> = prints.map(|row| row["key"].as_str().unwrap()).collect();
    let claimed = keys.iter().map(|key| place.run(&["claim", key, "--yes", "--json"])).find(|ran| ran.code == 0);
    let claimed = claimed.unwrap_or_else(|| panic!("none of {keys:?} can be claimed"));
    claimed.json()["assignment"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_picture_for_a_job_is_told_what_is_wrong_and_made_to_pass() {
    let place = Place::new();
    let _market = place.with_market(&["--seed", "7", "--speed", "60", "--jobs", "200", "--rate", "0"]);
    let id = shirt(&place);
    let mut made = Made::good(&mut dice(7));
    (made.dims, made.srgb) = (None, false);
    put(&place, "art.png", &made);
    ok(place.run(&["draft", &id, "--add-file", "art.png"]));

    let check = place.run(&["check", &id]);
    assert_eq!(check.code, 12, "{check:?}");
    for part in [
        "it is 225 × 270; make it 2400 × 3200: picture fit 2400x3200",
        "art.png: its border is",
        "say so in the file: picture dpi 300",
        "it tells no profile",
    ] {
        assert!(check.out.contains(part), "{part} is not in\n{}", check.out);
    }

    let dry = ok(place.run(&["picture", "pass", &id, "--dry-run"]));
    assert!(dry.out.contains(&format!("juggler picture edit {id} srgb fit 2400x3200 margin 100 dpi 300")), "{dry:?}");
    assert!(dry.err.contains("enlarged to 1066 %"), "{dry:?}");
    let passed = ok(place.run(&["picture", "pass", &id]));
    assert!(passed.out.contains("art.png: 2400 × 3200"), "{passed:?}");
    let check = place.run(&["check", &id]);
    assert_eq!(check.code, 0, "{check:?}");
    assert!(ok(place.run(&["picture", "pass", &id])).out.contains("is as the job asks"));

    // One more edit, beside the old one; and the version before comes back.
    ok(place.run(&["picture", "edit", &id, "resize", "10%", "--beside"]));
    let names = |draft: &serde_json::Value| -> Vec<String> {
        draft["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&ok(place.run(&["draft", &id, "--json"])).json()), ["art.png", "art-2.png"]);
    let several = place.run(&["picture", "edit", &id, "trim"]);
    assert!(several.code == 2 && several.err.contains("--file NAME"), "{several:?}");
    let versions = ok(place.run(&["draft", &id, "--versions", "--json"])).lines();
    ok(place.run(&["draft", &id, "--restore", &versions[0]["version"].to_string()]));
    let draft = ok(place.run(&["draft", &id, "--json"])).json();
    assert_eq!(names(&draft), ["art.png"]);
    let kept = std::fs::read(draft["files"][0]["path"].as_str().unwrap()).unwrap();
    assert_eq!(kept, made.bytes(), "the file that was added is there as it was");

    // What the market sees with its own eyes agrees.
    ok(place.run(&["picture", "pass", &id]));
    let sent = place.run(&["submit", &id, "--yes"]);
    assert_eq!(sent.code, 0, "{sent:?}");
}
