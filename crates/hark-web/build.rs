//! Lists the built front ends, so that the program carries them: `web/*/dist` at the root of the repository.
//!
//! A debug build reads them from their folders instead, so a change of theirs needs no compiler. A
//! folder that is not there is made and empty: the program then says how to build what is missing.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders under `web`, each with a `dist` of its own.
const FRONT_ENDS: &[&str] = &["dashboard", "messenger", "media", "replay"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let root = PathBuf::from(cargo("CARGO_MANIFEST_DIR")?).join("../../web");
    let mut table = String::from("&[\n");
    if cargo("PROFILE")? == "release" {
        for name in FRONT_ENDS {
            let dist = root.join(name).join("dist");
            // Cargo runs this again on every build while a folder that it watches does not exist.
            let _ = fs::create_dir_all(&dist);
            println!("cargo::rerun-if-changed={}", dist.display());
            list(&dist, name, &mut table)?;
        }
    }
    table.push(']');
    fs::write(Path::new(&cargo("OUT_DIR")?).join("embedded.rs"), table)?;
    Ok(())
}

/// What Cargo tells a build script.
#[expect(clippy::disallowed_methods, reason = "Cargo speaks to build scripts through the environment")]
fn cargo(name: &str) -> Result<String, std::env::VarError> {
    std::env::var(name)
}

/// Writes a row for each file under a folder, in the order of names.
fn list(folder: &Path, name: &str, table: &mut String) -> Result<(), Box<dyn Error>> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    paths.sort();
    for path in paths {
        let last = path.file_name().and_then(|name| name.to_str()).ok_or("a file name that is no text")?;
        let name = format!("{name}/{last}");
        if path.is_dir() {
            list(&path, &name, table)?;
        } else {
            writeln!(table, "    ({name:?}, include_bytes!({:?})),", path.canonicalize()?)?;
        }
    }
    Ok(())
}
