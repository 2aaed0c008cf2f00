//! Keys that are not good, and a market that is not there.

use std::os::unix::fs::PermissionsExt;

use super::{intact, with_work};

#[test]
fn a_key_file_that_others_may_read_is_not_used() {
    let (ground, id) = with_work(58);
    let key = ground.place.key_file();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let cure = format!("chmod 600 {}", key.display());
    ground.complains(&["sources", "test", "practice"], 7, &["644", &cure]);
    ground.complains(&["sources", "poll"], 7, &["644", &cure]);
    let ran = ground.place.run(&["submit", &id, "--yes", "--override", "override"]);
    assert_eq!(ran.code, 7, "{ran:?}");
    assert!(ran.err.contains(&cure) && ran.err.contains("safe in the outbox"), "{ran:?}");
    assert_eq!(ground.effects(&id), 0);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    ground.settle();
    assert_eq!(ground.effects(&id), 1, "what waited in the outbox goes once it can");
    intact(&ground, &id);
}

#[test]
fn a_key_that_is_not_accepted_is_said_and_never_shown() {
    let (ground, id) = with_work(59);
    ground.place.write_key("jm_not_the_right_one_0000");
    for args in [&["sources", "test", "practice"][..], &["sources", "poll"], &["jobs", "--poll"]] {
        let ran = ground.complains(args, 7, &["practice does not accept the key", "practice.key"]);
        assert!(!ran.err.contains("jm_not_the_right_one_0000"), "{ran:?}");
    }
    ground.place.write_key(&ground.market.api_key());
    ground.well(&["sources", "poll"]);
    intact(&ground, &id);
}

#[test]
fn a_market_that_is_down_is_exit_6_and_work_goes_on_without_it() {
    let (ground, id) = with_work(60);
    let good = std::fs::read_to_string(ground.place.config_file()).unwrap();
    // A port that was free a moment ago: nobody listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (from, to) = (ground.market.base_url(), format!("http://127.0.0.1:{port}/v1"));
    ground.place.write_config(&good.replace(&from, &to));
    for args in [&["sources", "test", "practice"][..], &["sources", "poll"], &["jobs", "--poll"]] {
        ground.complains(args, 6, &["cannot be reached", "refused"]);
    }
    intact(&ground, &id);
    ground.place.write_config(&good);
    ground.well(&["submit", &id, "--yes", "--override", "override"]);
    assert_eq!(ground.effects(&id), 1);
}
