//! Files with keys are for their owner only, keys come from where they are kept best, and nothing of the process can be looked into.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use serde_json::{Value, json};

use super::{Place, Ran};
use crate::net::{Act, Raw};

const RECIPE: &str = "name = \"odd\"\ntitle = \"Odd\"\n\n[auth]\nheader = \"X-API-Key\"\n\n[calls.jobs]\npath = \"/jobs\"\n\
                      items = \"$.jobs[*]\"\n\n[map.job]\nid = \"$.id\"\ntitle = \"$.name\"\n";

fn platform() -> Raw {
    Raw::serve(|_| Act::json("200 OK", &json!({ "jobs": [{ "id": "j1", "name": "A job" }] })))
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// A source called `odd` whose key comes from `key`.
fn place(platform: &Raw, key: &str, recipe: &str) -> Place {
    let place = Place::new();
    place.write_config(&format!("[[source]]\nname = \"odd\"\nrecipe = \"odd\"\nbase_url = \"{}\"\n{key}\n", platform.url("")));
    let folder = place.config_file().parent().unwrap().join("platforms");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("odd.toml"), recipe).unwrap();
    place
}

fn complaint(ran: &Ran) -> Value {
    serde_json::from_str(ran.err.lines().last().unwrap_or_default()).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

#[test]
fn a_loose_file_with_a_secret_is_refused_with_what_to_type() {
    let platform = platform();
    // A key's own file.
    let with_key = place(&platform, "key_file = \"../../the key\"", RECIPE);
    let key = with_key.path().join("the key");
    std::fs::write(&key, "sesame").unwrap();
    let typed = format!("chmod 600 '{}'", key.display());
    for loose in [0o644, 0o640, 0o604, 0o660, 0o620, 0o602] {
        mode(&key, loose);
        let ran = with_key.run(&["sources", "test", "odd"]);
        assert!(ran.code != 0 && ran.out.contains(&typed) | ran.err.contains(&typed), "{loose:o}: {ran:?}");
    }
    assert!(platform.requests().is_empty(), "a key that others could read was used");
    // What the hint says works as it stands.
    assert!(std::process::Command::new("sh").args(["-c", &typed]).status().unwrap().success());
    assert_eq!(with_key.run(&["sources", "test", "odd"]).code, 0);
    assert!(platform.requests()[0].to_lowercase().contains("x-api-key: sesame"));

    // A recipe with a key in a header.
    let header = RECIPE.replace("[auth]\nheader = \"X-API-Key\"", "[defaults]\nheaders = { \"X-Access-Token\" = \"sesame\" }");
    let with_header = place(&platform, "", &header);
    let recipe = with_header.config_file().parent().unwrap().join("platforms/odd.toml");
    mode(&recipe, 0o644);
    let ran = with_header.run(&["sources", "test", "odd", "--json"]);
    assert!(ran.code != 0 && format!("{ran:?}").contains(&format!("chmod 600 {}", recipe.display())), "{ran:?}");
    mode(&recipe, 0o600);
    assert_eq!(with_header.run(&["sources", "test", "odd"]).code, 0);

    // A configuration whose webhook asks for nothing but its address.
    let hook = Place::new();
    hook.write_config("[alert.webhook]\nurl = \"https://hooks.example.org/services/sesame\"\n");
    mode(&hook.config_file(), 0o644);
    let ran = hook.run(&["jobs", "--json"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert_eq!(complaint(&ran)["error"]["hint"], format!("chmod 600 {}", hook.config_file().display()));
    mode(&hook.config_file(), 0o600);
    let shown = hook.run(&["config", "show", "--json"]);
    assert!(shown.code == 0 && !shown.out.contains("sesame") && shown.out.contains("hooks.example.org"), "{shown:?}");
    // Without a secret in it the file is anybody's.
    hook.write_config("[general]\nmouse = false\n");
    mode(&hook.config_file(), 0o644);
    assert_eq!(hook.run(&["jobs"]).code, 0);
}

#[test]
fn what_belongs_to_somebody_else_is_not_trusted() {
    if !rustix::process::geteuid().is_root() {
        // Only root can make such files.
        return;
    }
    let nobody = Some(rustix::process::Uid::from_raw(65_534));
    let platform = platform();
    let place = place(&platform, "key_file = \"../../key\"", RECIPE);
    let key = place.path().join("key");
    std::fs::write(&key, "sesame").unwrap();
    mode(&key, 0o600);
    rustix::fs::chown(&key, nobody, None).unwrap();
    let ran = place.run(&["sources", "test", "odd"]);
    let typed = format!("sudo chown \"$USER\" {0} && chmod 600 {0}", key.display());
    assert!(ran.code != 0 && format!("{}{}", ran.out, ran.err).contains(&typed), "{ran:?}");
    rustix::fs::chown(&key, Some(rustix::process::geteuid()), None).unwrap();
    assert_eq!(place.run(&["jobs", "--poll"]).code, 0);

    // Links that somebody planted while the folder was open to all.
    let victim = place.path().join("victim");
    std::fs::write(&victim, "as it was").unwrap();
    for name in ["unsaved", "logs2", "store/journal/../lock2"] {
        let link = place.data_dir().join(name);
        symlink(&victim, &link).unwrap();
        rustix::fs::chownat(rustix::fs::CWD, &link, nobody, None, rustix::fs::AtFlags::SYMLINK_NOFOLLOW).unwrap();
        let ran = place.run(&["jobs", "--json"]);
        assert!(ran.code != 0 && complaint(&ran)["error"]["hint"].as_str().unwrap().contains("rm -r "), "{name}: {ran:?}");
        std::fs::remove_file(&link).unwrap();
    }
    assert_eq!(place.run(&["jobs"]).code, 0);
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "as it was");
}

#[test]
fn a_link_in_the_place_of_a_file_is_not_followed() {
    let job = json!({ "id": "1", "title": "A job", "pay": "1 USD" });
    for name in ["store/lock", "store/ballast", "logs"] {
        let place = Place::new();
        place.with_inbox(std::slice::from_ref(&job));
        let path = place.data_dir().join(name);
        let victim = place.path().join("victim");
        if path.is_dir() {
            // Today's file: where the appender would write.
            let log = std::fs::read_dir(&path).unwrap().flatten().next().unwrap().path();
            std::fs::remove_file(&log).unwrap();
            symlink(&victim, &log).unwrap();
        } else {
            let _ = std::fs::remove_file(&path);
            symlink(&victim, &path).unwrap();
        }
        std::fs::write(&victim, "as it was").unwrap();
        let mut command = place.command(&["jobs", "--poll"]);
        command.env("JUGGLER_LOG", "trace").output().unwrap();
        assert_eq!(std::fs::read_to_string(&victim).unwrap(), "as it was", "{name}");
    }
}

#[test]
fn a_service_has_its_key_from_systemd() {
    let platform = platform();
    let place = place(&platform, "key_credential = \"odd\"", RECIPE);
    let none = place.run(&["sources", "test", "odd"]);
    assert!(none.code != 0 && format!("{none:?}").contains("CREDENTIALS_DIRECTORY"), "{none:?}");
    let folder = place.path().join("credentials");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("odd"), "sesame\n").unwrap();
    mode(&folder.join("odd"), 0o440);
    let test = || Ran::of(place.command(&["sources", "test", "odd"]).env("CREDENTIALS_DIRECTORY", &folder).output().unwrap());
    assert_eq!(test().code, 0);
    assert!(platform.requests()[0].to_lowercase().contains("x-api-key: sesame"));
    mode(&folder.join("odd"), 0o444);
    assert_ne!(test().code, 0, "others may read it");
    for name in ["../key", "", ".key", "a/b"] {
        let config = std::fs::read_to_string(place.config_file()).unwrap();
        let line = config.lines().last().unwrap().to_owned();
        place.write_config(&config.replace(&line, &format!("key_credential = \"{name}\"")));
        assert_ne!(test().code, 0, "{name:?}");
    }
    assert_eq!(platform.requests().len(), 1);
}

#[test]
fn nobody_gets_a_picture_of_the_memory() {
    let place = Place::new();
    let doctor = place.run(&["doctor", "--json"]).json();
    let check = |name: &str| {
        let all = doctor["checks"].as_array().unwrap();
        all.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("{name}: {doctor}")).clone()
    };
    assert_eq!(check("core dumps")["health"], "ok");
    for name in ["permissions", "daemon", "service", "runtime folder"] {
        assert_eq!(check(name)["health"], "ok", "{name}");
    }
    assert!(check("service")["found"].as_str().unwrap().contains("not installed"));
    assert_eq!(place.run(&["daemon", "unit", "--install"]).code, 0);
    place.run(&["daemon", "start"]);
    let status = place.run(&["daemon", "status", "--json"]).json();
    let pid = &status["host"]["pid"];
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    if !rustix::process::geteuid().is_root() {
        assert!(std::fs::read(format!("/proc/{pid}/environ")).is_err(), "the same person's programs can read its variables");
    }
    let doctor = place.run(&["doctor", "--json"]).json();
    let told = doctor.to_string();
    place.run(&["daemon", "stop"]);
    for part in [&format!("runs: process {pid}, juggler {}", env!("CARGO_PKG_VERSION")), "installed: ", "juggler.service"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    // What is loose is said, with what to type.
    mode(&place.data_dir().join("store"), 0o755);
    let told = place.run(&["doctor", "--json"]).out;
    assert!(told.contains(&format!("chmod -R go= {}", place.data_dir().display())), "{told}");
}
