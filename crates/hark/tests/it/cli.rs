//! The commands beside `serve`, as scripts use them.

use hark_deliver::egress::Method;
use hark_test::both;
use serde_json::{Value as Json, json};

use crate::process::{Server, bare, errors, hark, json};

fn keys_of(object: &Json) -> Vec<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn filled(value: &Json) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

both! {
    async fn the_first_setup_is_printed_once(scratch: Scratch) {
        let first = json(&scratch, &["init", "--email", "Ada@example.com", "--project-name", "Shop"]);
        let expected = ["organisation", "owner", "project", "apiToken", "sdkKey", "secretApiToken", "identitySecret"];
        assert_eq!(keys_of(&first), expected);
        assert_eq!(first["owner"]["email"], "Ada@example.com");
        assert_eq!(first["project"]["name"], "Shop");
        for secret in [&first["owner"]["password"], &first["organisation"]["id"], &first["owner"]["id"], &first["project"]["id"]] {
            assert!(filled(secret));
        }
        for key in &expected[3..] {
            assert!(filled(&first[*key]), "{key}");
        }

        let second = json(&scratch, &["init", "--project-name", "Another"]);
        assert_eq!(second, json!({
            "alreadyInitialised": true,
            "organisation": first["organisation"],
            "project": first["project"],
        }));
    }

    async fn many_first_setups_at_once_make_one(scratch: Scratch) {
        let mut children: Vec<_> = (0..4)
            .map(|_| {
                let mut command = hark(&scratch, &["init", "--json"]);
                command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null());
                command.spawn().expect("the program starts")
            })
            .collect();
        let printed: Vec<Json> = children
            .drain(..)
            .map(|child| child.wait_with_output().expect("an end"))
            .map(|output| serde_json::from_slice(&output.stdout).expect("one JSON object"))
            .collect();
        let made: Vec<&Json> = printed.iter().filter(|setup| setup.get("apiToken").is_some()).collect();
        assert_eq!(made.len(), 1);
        assert!(printed.iter().all(|setup| setup["project"] == made[0]["project"]));
    }

    async fn what_commands_make_beside_a_running_server_is_usable_at_once(scratch: Scratch) {
        let server = Server::start(&scratch);
        let first = json(&scratch, &["init"]);
        server.expect(Method::GET, "/v3/teams", &first, None).await;

        let keys = json(&scratch, &["project", "create", "--name", "Second"]);
        assert_eq!(keys_of(&keys), keys_of(&first), "the same as the first setup prints");
        assert_eq!(keys["organisation"], first["organisation"]);
        // The password is a hash by now.
        assert_eq!(keys["owner"], json!({"id": first["owner"]["id"], "email": first["owner"]["email"]}));
        assert_ne!(keys["project"]["id"], first["project"]["id"]);
        let team = server.expect(Method::POST, "/v3/teams", &keys, Some(&json!({"name": "Support"}))).await;
        let foreign = json!({"apiToken": first["apiToken"], "project": keys["project"]});
        let (status, _) = server.call(Method::GET, "/v3/teams", &foreign, None).await.expect("an answer");
        assert_eq!(status, 404);

        let project = keys["project"]["id"].as_str().expect("an id");
        let token = json(&scratch, &["token", "create", "--project", project, "--name", "Import", "--expires-in-days", "30"]);
        assert!(filled(&token["expiresAt"]) && token["project"] == project);
        let with_token = json!({"apiToken": token["apiToken"], "project": keys["project"]});
        assert_eq!(server.team(&with_token, &team["id"]).await, Some(team.clone()));

        server.stop();
        let server = Server::start(&scratch);
        assert_eq!(server.team(&keys, &team["id"]).await, Some(team));
    }

    async fn what_cannot_be_is_refused_with_a_sentence(scratch: Scratch) {
        let cases: [(&[&str], &str); 8] = [
            (&["project", "create", "--name", "X"], "run `hark init` first"),
            (&["project", "create", "--name", "X", "--organisation", "abc"], "\"abc\" is not an id"),
            (&["token", "create", "--name", "X", "--project", "000000000000000000000001"], "000000000000000000000001"),
            (&["token", "create", "--name", "X"], "--project"),
            (&["domain", "confirm", "example.com"], "run `hark init` first"),
            (&["domain", "confirm", "no name", "--organisation", "000000000000000000000001"], "such as example.com"),
            (&["domain", "release", "example.com"], "example.com"),
            (&["init", "--project-name", " "], "name"),
        ];
        for (arguments, sentence) in cases {
            let output = hark(&scratch, arguments).output().expect("the program starts");
            assert!(!output.status.success(), "{arguments:?}");
            assert!(output.stdout.is_empty(), "{arguments:?}");
            assert!(errors(&output).contains(sentence), "{arguments:?}: {}", errors(&output));
        }
        // A first setup that failed has not been made.
        assert!(filled(&json(&scratch, &["init"])["apiToken"]));
        let unnamed = hark(&scratch, &["domain", "confirm", "example.com"]).output().expect("the program starts");
        assert!(errors(&unnamed).contains("an owner adds it there first"), "{}", errors(&unnamed));
    }

    async fn a_backup_of_a_running_server_brings_everything_back(scratch: Scratch) {
        let server = Server::start(&scratch);
        let keys = json(&scratch, &["init"]);
        let team = server.expect(Method::POST, "/v3/teams", &keys, Some(&json!({"name": "Support"}))).await;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("hark.backup");
        let file = file.to_str().expect("a path");
        let output = hark(&scratch, &["backup", file, "--json"]).output().expect("the program starts");
        assert!(output.status.success() && !errors(&output).contains("schema"), "{}", errors(&output));
        let saved: Json = serde_json::from_slice(&output.stdout).expect("one JSON object");
        assert!(saved["documents"].as_u64() > Some(4) && saved["bytes"].as_u64() > Some(4096), "{saved}");
        let again = hark(&scratch, &["backup", file]).output().expect("the program starts");
        assert!(errors(&again).contains("exists already"), "{}", errors(&again));

        // What happens after the backup is gone with the restore.
        server.expect(Method::POST, "/v3/teams", &keys, Some(&json!({"name": "Later"}))).await;
        server.stop();
        let refused = hark(&scratch, &["restore", file]).output().expect("the program starts");
        assert!(!refused.status.success() && errors(&refused).contains("holds data already"), "{}", errors(&refused));
        // The scratch database is open in this process, and nobody may have it open.
        scratch.store.close().await;
        json(&scratch, &["restore", file, "--replace"]);

        let server = Server::start(&scratch);
        let teams = server.expect(Method::GET, "/v3/teams", &keys, None).await;
        assert_eq!(teams, json!([team]));
    }

    async fn the_doctor_finds_a_new_instance_healthy(scratch: Scratch) {
        json(&scratch, &["init"]);
        let report = json(&scratch, &["doctor"]);
        assert_eq!(report["healthy"], true, "{report}");
        assert_eq!(report["schema"], json!(hark_store::SCHEMA_VERSION));
    }

    async fn migrating_twice_changes_nothing(scratch: Scratch) {
        let schema = json!({"schema": hark_store::SCHEMA_VERSION});
        assert_eq!(json(&scratch, &["migrate"]), schema);
        assert_eq!(json(&scratch, &["migrate"]), schema);
    }
}

#[test]
fn a_server_tells_all_mistakes_of_its_configuration() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("hark.toml");
    std::fs::write(&file, "listn = \"127.0.0.1:1\"\nsmtp_password = \"hunter2\"\n").expect("a file");
    let mut command = bare(&["serve", "--log-format", "xml", "--config"]);
    let output = command.arg(&file).env("HARK_LISTEN", "here").output().expect("the program starts");
    let told = errors(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    for part in
        ["--log-format is \"xml\"", "HARK_LISTEN is \"here\"", "`listn` in", "needs `smtp_host` as well"]
    {
        assert!(told.contains(part), "{part} is not in {told}");
    }
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn the_operators_documentation_names_every_setting_and_command() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let page = std::fs::read_to_string(format!("{root}/docs/operate.md")).expect("docs/operate.md");
    let help = |arguments: &[&str]| {
        let output = bare(arguments).arg("--help").output().expect("the program starts");
        String::from_utf8(output.stdout).expect("text")
    };
    let serve = help(&["serve"]);
    let words = || serve.split(|c: char| c.is_whitespace() || "[],`".contains(c));
    let flags: Vec<&str> = words().filter(|word| word.starts_with("--") && word.len() > 2).collect();
    let variables: Vec<&str> = words().filter(|word| word.starts_with("HARK_")).collect();
    assert!(flags.len() > 20 && variables.len() > 20, "{serve}");
    for name in flags.iter().filter(|flag| **flag != "--help").chain(&variables) {
        assert!(page.contains(&format!("`{name}`")), "docs/operate.md does not name {name}");
    }
    let commands = help(&[]);
    let (_, commands) = commands.split_once("Commands:").expect("commands");
    let (commands, _) = commands.split_once("Options:").expect("options");
    for command in
        commands.lines().filter_map(|line| line.split_whitespace().next()).filter(|word| *word != "help")
    {
        assert!(page.contains(&format!("`hark {command}")), "docs/operate.md does not name `hark {command}`");
    }
}
