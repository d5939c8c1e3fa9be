//! Secrets at rest: sealed whenever they are written, with keys that can change, and lost without them.

use hark_store::access::PROJECT;
use hark_store::testing::{Engine, Scratch};
use hark_store::{
    Doc, Error, Field, Kind, LostSecrets, Scope, SecretKeys, Store, both, examine_secrets, forget_secrets,
    look_at_secrets, reseal_secrets, seal_old_secrets, to_body,
};
use serde_json::{Value as Json, json};

/// Teams have a table, so that a kind with secrets can use it.
const VAULT: Kind = Kind {
    hidden: &["secret", "login"],
    sealed: &["secret", "login"],
    ..Kind::new("vault", "team", &[Field::text("name", "name")])
};
const KINDS: &[&Kind] = &[&VAULT, &PROJECT];

async fn vault(store: &Store, scope: &Scope, body: Json) -> Doc {
    store.write(scope, move |tx| tx.insert(&VAULT, to_body(body.clone()))).await.expect("a vault")
}

async fn opened(
    store: &Store,
    scope: &Scope,
    doc: &Doc,
    property: &'static str,
) -> Result<Option<Json>, Error> {
    let doc = doc.clone();
    store.read(scope, move |tx| tx.unseal(&VAULT, &doc, property)).await
}

async fn open(scratch: &Scratch, keys: &SecretKeys) -> Result<Store, Error> {
    Store::open(&scratch.location, scratch.clock.clone(), keys).await
}

/// Keys as an operator sets them.
fn set(scratch: &Scratch, keys: &[u8]) -> SecretKeys {
    let text: Vec<String> = keys.iter().map(|byte| format!("{byte:02x}").repeat(32)).collect();
    scratch.keys().with(&text.join(",")).expect("keys")
}

both! {
    async fn what_is_sealed_is_nowhere_in_the_database(scratch: Scratch) {
        let scope = scratch.project().await;
        let body = json!({"name": "openmarker", "secret": "hiddenmarker", "login": {"user": "a", "word": "hiddenmarker"}});
        let made = vault(&scratch.store, &scope, body).await;
        assert!(made.text("secret").is_some_and(|text| text.starts_with("sealed:1:")), "{made:?}");
        assert!(!format!("{made:?}").contains("hiddenmarker"), "{made:?}");
        assert_eq!(scratch.traces("hiddenmarker").await, Vec::<String>::new());
        assert!(!scratch.traces("openmarker").await.is_empty(), "the search finds what there is");
        assert_eq!(opened(&scratch.store, &scope, &made, "secret").await.expect("opens"), Some(json!("hiddenmarker")));
        let login = opened(&scratch.store, &scope, &made, "login").await.expect("opens");
        assert_eq!(login, Some(json!({"user": "a", "word": "hiddenmarker"})));
        assert_eq!(opened(&scratch.store, &scope, &made, "other").await.expect("nothing"), None);

        // Another save leaves it, a new value is sealed as well, null takes it away.
        let id = made.id;
        let saved = scratch.store.write(&scope, move |tx| {
            let mut doc = tx.get_locked(&VAULT, id)?;
            doc.set("name", "b");
            tx.save(&VAULT, doc)
        }).await.expect("saved");
        assert_eq!(saved.body["secret"], made.body["secret"]);
        let saved = scratch.store.write(&scope, move |tx| {
            let mut doc = tx.get_locked(&VAULT, id)?;
            doc.set("secret", "secondmarker");
            doc.set("login", Json::Null);
            tx.save(&VAULT, doc)
        }).await.expect("saved");
        assert_eq!(saved.body.get("login"), None);
        assert_eq!(scratch.traces("secondmarker").await, Vec::<String>::new());
        assert_eq!(opened(&scratch.store, &scope, &saved, "secret").await.expect("opens"), Some(json!("secondmarker")));
    }

    async fn a_sealed_value_opens_nowhere_else(scratch: Scratch) {
        let (scope, other) = (scratch.project().await, scratch.project().await);
        let made = vault(&scratch.store, &scope, json!({"secret": "x", "login": "y"})).await;
        let mut moved = made.clone();
        moved.body.insert("login".to_owned(), made.body["secret"].clone());
        assert!(opened(&scratch.store, &scope, &moved, "login").await.is_err());
        assert!(opened(&scratch.store, &other, &made, "secret").await.is_err());
        // Whoever sends what looks sealed stores just that text.
        let copied = vault(&scratch.store, &scope, json!({"secret": made.body["secret"]})).await;
        assert_ne!(copied.body["secret"], made.body["secret"]);
        assert_eq!(opened(&scratch.store, &scope, &copied, "secret").await.expect("opens"), Some(made.body["secret"].clone()));
    }

    async fn another_key_is_refused(scratch: Scratch) {
        let folder = tempfile::tempdir().expect("a folder");
        let elsewhere = SecretKeys::in_folder(folder.path());
        let refused = open(&scratch, &elsewhere).await.err().expect("refused").to_string();
        for part in ["were written with the key ", "secrets.key", "hark secrets forget"] {
            assert!(refused.contains(part), "{part} is not in {refused}");
        }
        assert!(!elsewhere.file().exists(), "no key is made for a database that has one");
        let refused = open(&scratch, &elsewhere.with(&"ab".repeat(32)).expect("a key")).await;
        assert!(matches!(refused, Err(Error::Invalid(_))));
        // The right one may come from anywhere.
        let text = std::fs::read_to_string(scratch.keys().file()).expect("the key file");
        let moved = SecretKeys::in_folder(folder.path()).with(&text).expect("the key");
        open(&scratch, &moved).await.expect("the same key").close().await;
    }

    async fn keys_change_while_old_values_stay_readable(scratch: Scratch) {
        let scope = scratch.project().await;
        let made = vault(&scratch.store, &scope, json!({"secret": "x"})).await;
        scratch.store.write(&scratch.store.operator(), |tx| tx.set_instance_secret_once("code_key", "y")).await.expect("set");
        // The operator sets a key; the file's still opens what it sealed.
        let both = open(&scratch, &set(&scratch, &[1])).await.expect("both keys");
        let before = look_at_secrets(&both, KINDS).await.expect("a report");
        assert_eq!((before.with_older_keys, before.secrets, before.lost.len()), (before.secrets, 3, 0), "{before:?}");
        let findings = examine_secrets(&both, KINDS).await.expect("an examination");
        assert!(findings[0].sentence.contains("3 secrets have an older key"), "{findings:?}");
        let after = reseal_secrets(&both, KINDS).await.expect("sealed again");
        assert_eq!((after.with_older_keys, after.secrets), (0, 3), "{after:?}");
        assert_ne!(after.key, look_at_secrets(&scratch.store, KINDS).await.expect("a report").key);
        let id = made.id;
        let read = both.read(&scope, move |tx| tx.get(&VAULT, id)).await.expect("the vault");
        assert_eq!((read.rev, read.updated_at), (made.rev, made.updated_at), "it did not change");
        assert_eq!(opened(&both, &scope, &read, "secret").await.expect("opens"), Some(json!("x")));
        both.close().await;

        std::fs::remove_file(scratch.keys().file()).expect("the old key goes");
        let alone = open(&scratch, &set(&scratch, &[1])).await.expect("the new key alone");
        assert_eq!(opened(&alone, &scope, &read, "secret").await.expect("opens"), Some(json!("x")));
        let secret = alone.read(&alone.operator(), |tx| tx.instance_secret("code_key")).await.expect("opens");
        assert_eq!(secret.as_deref(), Some("y"));
        alone.close().await;
        assert!(open(&scratch, &set(&scratch, &[2])).await.is_err());
    }

    async fn what_was_written_before_there_were_keys_is_sealed_once(scratch: Scratch) {
        let scope = scratch.project().await;
        let made = vault(&scratch.store, &scope, json!({"name": "a"})).await;
        let plain = json!({"_id": made.id, "id": made.id, "name": "a", "secret": "plainmarker", "login": {"n": 1}});
        scratch.execute(&scope, &sql_of(&plain, &made)).await;
        let sql = "insert into instance_setting (name, value) values ('challenge_key', 'settingmarker')";
        scratch.execute(&scratch.store.operator(), sql).await;
        let id = made.id;
        let old = scratch.store.read(&scope, move |tx| tx.get(&VAULT, id)).await.expect("the vault");
        assert_eq!(opened(&scratch.store, &scope, &old, "secret").await.expect("plain"), Some(json!("plainmarker")));
        assert_eq!(look_at_secrets(&scratch.store, KINDS).await.expect("a report").plain, 3);

        seal_old_secrets(&scratch.store, KINDS).await.expect("sealed");
        for marker in ["plainmarker", "settingmarker"] {
            assert_eq!(scratch.traces(marker).await, Vec::<String>::new());
        }
        let now = scratch.store.read(&scope, move |tx| tx.get(&VAULT, id)).await.expect("the vault");
        assert_eq!(opened(&scratch.store, &scope, &now, "login").await.expect("opens"), Some(json!({"n": 1})));
        let setting = scratch.store.read(&scratch.store.operator(), |tx| tx.instance_secret("challenge_key")).await;
        assert_eq!(setting.expect("opens").as_deref(), Some("settingmarker"));

        // The second time nothing is read.
        scratch.execute(&scope, &sql_of(&plain, &made)).await;
        seal_old_secrets(&scratch.store, KINDS).await.expect("nothing to do");
        assert_eq!(look_at_secrets(&scratch.store, KINDS).await.expect("a report").plain, 2);
    }

    async fn what_no_key_opens_can_be_given_up(scratch: Scratch) {
        let scope = scratch.project().await;
        let made = vault(&scratch.store, &scope, json!({"name": "a", "secret": "x", "login": "y"})).await;
        scratch.store.write(&scratch.store.operator(), |tx| tx.set_instance_secret_once("code_key", "y")).await.expect("set");
        let folder = tempfile::tempdir().expect("a folder");
        let other = SecretKeys::in_folder(folder.path());
        let store = open(&scratch, &other.clone().for_any_database()).await.expect("opens for the command");
        let lost = look_at_secrets(&store, KINDS).await.expect("a report").lost;
        let one = |what: &str| LostSecrets { what: what.to_owned(), count: 1 };
        let all = vec![one("instance.code_key"), one("project.identitySecret"), one("team.login"), one("team.secret")];
        assert_eq!(lost, all);
        let findings = examine_secrets(&store, KINDS).await.expect("an examination");
        assert!(findings.iter().any(|finding| finding.sentence.contains("team.secret open with none")), "{findings:?}");

        let renew = |_: &Kind, property: &str| (property == "secret").then(|| json!("new"));
        assert_eq!(forget_secrets(&store, KINDS, renew).await.expect("forgotten").lost, all);
        let after = look_at_secrets(&store, KINDS).await.expect("a report");
        assert_eq!((after.lost.len(), after.secrets), (0, 1));
        let id = made.id;
        let now = store.read(&scope, move |tx| tx.get(&VAULT, id)).await.expect("the vault");
        assert_eq!(opened(&store, &scope, &now, "secret").await.expect("opens"), Some(json!("new")));
        assert_eq!((now.body.get("login"), now.text("name")), (None, Some("a")));
        store.close().await;
        open(&scratch, &other).await.expect("it is the key of the database now").close().await;
        assert!(open(&scratch, &scratch.keys()).await.is_err(), "and the lost one is not any more");
    }
}

fn sql_of(plain: &Json, made: &Doc) -> String {
    format!("update team set doc = '{plain}' where id = '{}'", made.id)
}

#[cfg(unix)]
#[tokio::test]
async fn the_key_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new(Engine::Sqlite).await;
    let file = scratch.keys().file().to_owned();
    let mode = std::fs::metadata(&file).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let names = std::fs::read_dir(scratch.folder())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name());
    assert!(names.into_iter().all(|name| !name.to_string_lossy().contains("partial")));
}
