//! `juggler assist`: list, test, models; and what config and doctor say.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use super::stand_in::{anthropic, ollama};
use super::{Script, StandIn};
use crate::cli::Place;
use crate::support::canary::{Canary, Hunt};

/// A provider that has models and answers.
fn local() -> StandIn {
    StandIn::serve(|request| match request.path() {
        "/api/tags" => Script::json("200 OK", &json!({ "models": [{ "name": "tiny:latest", "size": 1 }, { "name": "big:7b" }] })),
        _ => Script::lines(&ollama(&["rea", "dy"])),
    })
}

fn config(server: &StandIn, more: &str) -> String {
    format!("[[assistant]]\nname = \"local\"\nkind = \"ollama\"\nbase_url = \"{}\"\nmodel = \"tiny\"\n{more}\n", server.url())
}

#[test]
fn a_test_tells_provider_model_latency_tokens_and_cost() {
    let (place, server) = (Place::new(), local());
    place.write_config(&config(&server, "price_input = \"0.15 USD\"\nprice_output = \"0.60 USD\""));
    let ran = place.run(&["assist", "test"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for said in [
        "local: ollama at 127.0.0.1:",
        "model       tiny-1-2026-01-31",
        "said        \"ready\"",
        "first word  ",
        " ms\n",
        "tokens      40 in, 6 out",
        "cost        $0.0000096\n",
    ] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    let probe = place.run(&["assist", "test", "local", "--json"]).json();
    assert_eq!((&probe["said"], &probe["why"]), (&json!("ready"), &json!("done")));
    assert_eq!(probe["spent"]["cost"], json!({ "money": { "minor": 9_600, "asset": "USD:9" }, "estimated": false }));
    assert_eq!(probe["spent"]["tariff"]["output"], json!({ "minor": 600_000_000, "asset": "USD:9" }));
    assert!(probe["first_ms"].as_u64() <= probe["took_ms"].as_u64());
    // No store is made, and nothing is asked but the one question.
    assert!(!place.data_dir().exists());
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn models_are_listed_with_the_one_of_the_config() {
    let (place, server) = (Place::new(), local());
    place.write_config(&config(&server, ""));
    let ran = place.run(&["assist", "models"]);
    assert!(ran.code == 0 && ran.out.contains("big:7b") && ran.out.contains("2 models at 127.0.0.1:"), "{ran:?}");
    let lines = place.run(&["assist", "models", "local", "--json"]).lines();
    assert_eq!(lines[1], json!({ "id": "tiny:latest", "context": null, "configured": false }));
}

#[test]
fn the_list_asks_nobody_and_shows_no_key() {
    let place = Place::new();
    let none = place.run(&["assist"]);
    assert!(none.code == 0 && none.err.contains("juggler assist --help"), "{none:?}");
    assert_eq!(place.run(&["assist", "test"]).code, 4);
    place.write_config(
        "[assist]\ndefault = \"cloud\"\n[[assistant]]\nname = \"local\"\nkind = \"ollama\"\n\
         [[assistant]]\nname = \"cloud\"\nkind = \"openai\"\nmodel = \"m\"\nkey_cmd = [\"echo\", \"canary\"]\nprice_input = \"2.50 USD\"\nprice_output = \"10 USD\"\n",
    );
    let ran = place.run(&["assist", "list"]);
    assert!(
        ran.code == 0 && ran.out.contains("api.openai.com:443") && ran.out.contains("$2.50") && !ran.out.contains("canary"),
        "{ran:?}"
    );
    let lines = place.run(&["assist", "--json"]).lines();
    assert_eq!((&lines[0]["default"], &lines[1]["default"], &lines[1]["key"]), (&json!(false), &json!(true), &json!("command")));
    let odd = place.run(&["assist", "test", "clod"]);
    assert!(odd.code == 4 && odd.err.contains("did you mean \"cloud\"?"), "{odd:?}");
}

#[test]
fn a_missing_model_is_named_with_what_there_is() {
    let (place, server) = (Place::new(), local());
    place.write_config(&config(&server, "").replace("model = \"tiny\"\n", ""));
    let ran = place.run(&["assist", "test"]);
    assert!(ran.code == 3 && ran.err.contains("no model is named") && ran.err.contains("big:7b, tiny:latest"), "{ran:?}");
    let gone = StandIn::serve(|request| match request.path() {
        "/api/tags" => Script::json("200 OK", &json!({ "models": [{ "name": "tiny2:latest" }] })),
        _ => Script::json("404 Not Found", &json!({ "error": "model 'tiny' not found" })),
    });
    place.write_config(&config(&gone, ""));
    let ran = place.run(&["assist", "test", "--json"]);
    let error: Value = serde_json::from_str(&ran.err).unwrap();
    assert!(
        ran.code == 3 && error["error"]["hint"].as_str().unwrap().contains("ollama pull tiny, or write model = \"tiny2:latest\""),
        "{ran:?}"
    );
    // The half of it that is known is told all the same.
    assert!(ran.json()["why"]["failed"]["what"].as_str().unwrap().contains("has no model"), "{ran:?}");
}

#[test]
fn doctor_and_config_say_what_there_is() {
    let (place, server) = (Place::new(), local());
    let more = "key_env = \"LOCAL_KEY\"\nprice_input = \"0.075 USD\"\nprice_output = \"0.3 USD\"\ntemperature = 1\n\
                [[assistant]]\nname = \"other\"\nkind = \"ollama\"\nmodel = \"gone\"\nbase_url = \"";
    place.write_config(&config(&server, &format!("{more}{}\"", server.url())));
    let mut command = place.command(&["doctor", "--json"]);
    let ran = crate::cli::Ran::of(command.env("LOCAL_KEY", "canary-1").output().unwrap());
    let checks = ran.json()["checks"].clone();
    let check = |name: &str| checks.as_array().unwrap().iter().find(|check| check["name"] == name).unwrap().clone();
    assert!(check("assistant local")["found"].as_str().unwrap().contains("has tiny"), "{checks}");
    assert_eq!((&check("assistant local")["health"], &check("assistant other")["health"]), (&json!("ok"), &json!("warn")));
    assert_eq!(check("key of local")["health"], "warn");
    assert!(!ran.out.contains("canary"));
    let shown = place.run(&["config", "show", "--json"]).json()["assistant"][0].clone();
    assert_eq!(
        (&shown["price_input"], &shown["price_cached"], &shown["limit"]),
        (&json!("0.075 USD"), &json!("0.075 USD"), &json!("5m"))
    );
    // What is shown can be written.
    let whole = place.run(&["config", "show"]).out;
    place.write_config(&whole);
    assert_eq!(place.run(&["config", "check"]).code, 0, "{whole}");
}

#[test]
fn mistakes_in_the_config_point_at_their_place() {
    let place = Place::new();
    let begin = "[[assistant]]\nname = \"a\"\nkind = \"openai\"\n";
    for (text, said) in [
        ("[[assistant]]\nname = \"a\"\n", "needs a kind"),
        ("[[assistant]]\nname = \"a\"\nkind = \"olama\"\n", "did you mean \"ollama\"?"),
        ("[[assistant]]\nkind = \"ollama\"\n", "needs a name"),
        (&format!("{begin}api_key = \"canary-2\"\n"), "key_cmd"),
        (&format!("{begin}modle = \"m\"\n"), "did you mean `model`?"),
        (&format!("{begin}base_url = \"api.openai.com\"\n"), "https://"),
        (&format!("{begin}base_url = \"https://x.example/v1?key=canary-2\"\n"), "no query"),
        (&format!("{begin}price_input = \"2.50 USD\"\n"), "one price without the other"),
        (&format!("{begin}price_input = \"2.50\"\nprice_output = \"1 USD\"\n"), "an amount with a currency"),
        (&format!("{begin}price_input = \"2.50 USD\"\nprice_output = \"1 EUR\"\n"), "several currencies"),
        (&format!("{begin}temperature = 3.5\n"), "between 0 and 2"),
        (&format!("{begin}context = 4000\n"), "leaves no room"),
        (&format!("{begin}silence = \"0s\"\n"), "no time"),
        (&format!("{begin}key_env = \"A\"\nkey_file = \"b\"\n"), "more than one origin"),
        (&format!("{begin}{begin}"), "two assistants are called"),
        (&format!("[assist]\ndefault = \"b\"\n{begin}"), "there is no assistant \"b\""),
    ] {
        place.write_config(text);
        let ran = place.run(&["config", "check"]);
        assert!(ran.code == 3 && ran.out.contains(said) && ran.out.contains("config.toml:"), "{text}: {ran:?}");
        assert!(!ran.out.contains("canary") && !ran.err.contains("canary"), "{ran:?}");
    }
}

#[test]
fn the_variable_with_a_key_is_not_for_programs_that_are_started() {
    let (place, server) = (Place::new(), local());
    let told = place.path().join("told");
    let other = format!(
        "[[assistant]]\nname = \"other\"\nkind = \"openai\"\nkey_cmd = [\"sh\", \"-c\", \"env > {}; echo k\"]\n",
        told.display()
    );
    place.write_config(&format!(
        "{}{other}base_url = \"{}\"\nmodel = \"m\"\n",
        config(&server, "key_env = \"LOCAL_KEY\""),
        server.url()
    ));
    let run = |name: &str| {
        let output = place.command(&["assist", "test", name]).env("LOCAL_KEY", "canary-3").env("KEPT", "yes").output().unwrap();
        crate::cli::Ran::of(output)
    };
    let ran = run("local");
    assert!(ran.code == 0 && ran.err.contains("LOCAL_KEY") && !ran.err.contains("canary"), "{ran:?}");
    assert!(server.requests()[0].0.contains("Bearer canary-3"));
    run("other");
    let told = std::fs::read_to_string(told).unwrap();
    assert!(told.contains("KEPT=yes") && !told.contains("canary"), "{told}");
}

#[test]
fn the_key_is_nowhere_but_where_it_was_put() {
    let place = Place::new();
    let canaries = ["refused", "echoed", "fine"].map(Canary::hatch);
    // It repeats what it was sent, in the worst places.
    let server = StandIn::serve(|request| {
        let key =
            request.0.lines().find_map(|line| line.to_lowercase().starts_with("x-api-key").then(|| line[10..].trim().to_owned()));
        let key = key.unwrap_or_default();
        let error = json!({ "type": "error", "error": { "type": "authentication_error", "message": format!("{key} is wrong") } });
        match request.path().split('/').nth(1).unwrap() {
            "refused" => Script::json("401 Unauthorized", &error),
            "echoed" => Script::events(&[anthropic(&[])[..3].concat(), format!("event: error\ndata: {error}\n\n")]),
            _ => Script::events(&anthropic(&["ready"])),
        }
    });
    let mut config = String::new();
    for canary in &canaries {
        let file = place.path().join(canary.name);
        std::fs::write(&file, &canary.key).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        config.push_str(&format!(
            "[[assistant]]\nname = \"{0}\"\nkind = \"anthropic\"\nbase_url = \"{1}/{0}\"\nmodel = \"m\"\nkey_file = \"{2}\"\n",
            canary.name,
            server.url(),
            file.display()
        ));
    }
    place.write_config(&config);
    let mut hunt = Hunt::for_all(canaries.to_vec());
    let mut codes = Vec::new();
    for canary in &canaries {
        for args in
            [&["assist", "test", canary.name][..], &["assist", "test", canary.name, "--json"], &["assist", "models", canary.name]]
        {
            let output = place.command(args).env("JUGGLER_LOG", "trace").output().unwrap();
            hunt.through(&args.join(" "), &[output.stdout, output.stderr].concat(), &[]);
            codes.push(output.status.code().unwrap());
        }
    }
    hunt.through("config show", place.run(&["config", "show"]).out.as_bytes(), &[]);
    let put = canaries.each_ref().map(|canary| place.path().join(canary.name));
    hunt.through_files(place.path(), &put);
    hunt.nothing();
    assert_eq!((codes[0], codes[3], codes[6]), (7, 7, 0), "{codes:?}");
    // It did get there, each in its own header and in no body.
    for request in server.requests() {
        let (head, body) = request.0.split_once("\r\n\r\n").unwrap();
        assert!(
            canaries.iter().any(|canary| head.contains(&canary.key))
                && canaries.iter().all(|canary| canary.is_in(body.as_bytes()).is_none())
        );
    }
}
