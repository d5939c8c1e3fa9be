//! The rules of the house: which crate may use what, licences, and tidy source files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

/// Libraries and the only crates of ours that may name them, tests and the benchmark aside.
const DOORS: &[(&str, &[&str])] = &[
    ("axum", &["hark-api"]),
    ("hyper", &["hark-api"]),
    ("hyper-util", &["hark-api"]),
    ("tower", &["hark-api"]),
    ("rusqlite", &["hark-store"]),
    ("tokio-postgres", &["hark-store"]),
    ("tokio-postgres-rustls", &["hark-store"]),
    ("deadpool", &["hark-store"]),
    ("reqwest", &["hark-deliver"]),
    ("lettre", &["hark-deliver"]),
    ("object_store", &["hark-store", "hark-deliver"]),
    ("flate2", &["hark-api"]),
    ("argon2", &["hark-core"]),
    ("ring", &["hark-core", "hark-store"]),
    ("clap", &["hark"]),
    ("html5ever", &["hark-content"]),
    ("jiff", &["hark-core", "hark-query"]),
    ("pulldown-cmark", &["hark-content"]),
];

/// Our crates, each with those of ours that it may use.
const DIRECTIONS: &[(&str, &[&str])] = &[
    ("hark-query", &[]),
    ("hark-content", &[]),
    ("hark-web", &[]),
    ("hark-store", &["hark-content", "hark-query"]),
    ("hark-core", &["hark-content", "hark-query", "hark-store"]),
    ("hark-deliver", &["hark-content", "hark-core", "hark-query", "hark-store"]),
    ("hark-api", &["hark-content", "hark-core", "hark-deliver", "hark-query", "hark-store", "hark-web"]),
    ("hark", &["hark-api", "hark-core", "hark-deliver", "hark-query", "hark-store"]),
];

/// Crates that serve tests and measurements and may use everything.
const FREE: &[&str] = &["hark-test", "hark-bench"];

/// A second stack for the same purpose costs minutes of building and doubles what can go wrong.
const UNWANTED: &[&str] = &["openssl", "openssl-sys", "native-tls", "aws-lc-rs", "aws-lc-sys", "sqlx"];

/// Libraries that only another one brings along, which cannot do without; nothing of ours uses them.
const BROUGHT_ALONG: &[(&str, &str)] = &[("chrono", "object_store")];

/// Libraries of which two versions in one program would be a mistake.
const SINGLE: &[&str] = &["axum", "hyper", "libsqlite3-sys", "reqwest", "rustls", "serde_json", "tokio"];

/// Licences that go with ours.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Lines of a source file at most; beyond that it is more than one thing.
const LINES_MAX: usize = 600;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace's folder")
}

fn metadata() -> Json {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked"])
        .current_dir(root())
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo prints JSON")
}

fn text<'j>(json: &'j Json, key: &str) -> &'j str {
    json[key].as_str().unwrap_or_default()
}

fn list(json: &Json) -> &[Json] {
    json.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The names of what a package of ours uses when it is built, tests aside.
fn uses(package: &Json) -> Vec<&str> {
    let built = |dependency: &&Json| dependency["kind"].is_null();
    list(&package["dependencies"]).iter().filter(built).map(|dependency| text(dependency, "name")).collect()
}

#[test]
fn dependencies_point_one_way() {
    let metadata = metadata();
    let members = list(&metadata["workspace_members"]);
    let mut wrong = Vec::new();
    for package in list(&metadata["packages"]).iter().filter(|package| members.contains(&package["id"])) {
        let name = text(package, "name");
        if FREE.contains(&name) {
            continue;
        }
        let may = DIRECTIONS.iter().find(|(crate_name, _)| *crate_name == name).map(|(_, may)| *may);
        let Some(may) = may else {
            wrong.push(format!("{name} has no place among DIRECTIONS"));
            continue;
        };
        for used in uses(package) {
            let ours = used == "hark" || used.starts_with("hark-");
            let closed = DOORS.iter().any(|(library, doors)| *library == used && !doors.contains(&name));
            if closed || (ours && !may.contains(&used)) {
                wrong.push(format!("{name} must not use {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_library_has_a_licence_that_goes_with_ours() {
    let metadata = metadata();
    let allowed = |expression: &str| {
        // `A OR B` needs one of them, `A AND B` each; `A/B` is the old spelling of OR.
        expression
            .replace(['(', ')'], "")
            .replace('/', " OR ")
            .split(" AND ")
            .all(|part| part.split(" OR ").any(|licence| LICENCES.contains(&licence.trim())))
    };
    let wrong: Vec<String> = list(&metadata["packages"])
        .iter()
        .filter(|package| !allowed(text(package, "license")))
        .map(|package| {
            format!("{} {}: {}", text(package, "name"), text(package, "version"), package["license"])
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_library_is_there_twice_or_unwanted() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock");
    let mut versions: BTreeMap<&str, usize> = BTreeMap::new();
    for name in lock.lines().filter_map(|line| line.strip_prefix("name = ")) {
        *versions.entry(name.trim_matches('"')).or_default() += 1;
    }
    let unwanted: Vec<&&str> = UNWANTED.iter().filter(|name| versions.contains_key(**name)).collect();
    assert!(unwanted.is_empty(), "{unwanted:?}");
    let twice: Vec<&&str> =
        SINGLE.iter().filter(|name| versions.get(**name).is_some_and(|count| *count > 1)).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[test]
fn what_is_brought_along_has_one_bringer() {
    let metadata = metadata();
    for package in list(&metadata["packages"]) {
        for (library, bringer) in BROUGHT_ALONG {
            let name = text(package, "name");
            let uses = list(&package["dependencies"]).iter().any(|used| {
                text(used, "name") == *library && used["optional"] == false && used["kind"].is_null()
            });
            assert!(!uses || name == *bringer, "{name} uses {library}");
        }
    }
}

#[test]
fn source_files_are_tidy() {
    let mut files = Vec::new();
    for folder in ["crates", "bench"] {
        rust_files(&root().join(folder), &mut files);
    }
    assert!(files.len() > 50, "only {} source files were found", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let source = std::fs::read_to_string(&file).expect("a source file");
        let mut complain = |what: &str| wrong.push(format!("{}: {what}", file.display()));
        if !source.starts_with("//! ") {
            complain("the first line does not say what the file is for (`//! …`)");
        }
        let lines = source.lines().count();
        if lines > LINES_MAX {
            complain(&format!("{lines} lines, more than {LINES_MAX}"));
        }
        for word in ["todo", "unimplemented", "dbg"] {
            if source.contains(&format!("{word}!(")) {
                complain(&format!("{word}! is left in it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let build_output = path.ends_with("target");
        if path.is_dir() && !build_output {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
