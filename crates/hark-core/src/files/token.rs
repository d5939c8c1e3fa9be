//! Tokens that nobody guesses and that name their project, for callers who send nothing else along.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hark_store::Id;

/// Random bytes of a token, behind the 12 of the project's id; 43 characters in all.
const RANDOM_BYTES: usize = 20;

/// A new token.
pub(super) fn token(project: Id) -> String {
    let mut bytes = hex::decode(project.to_string()).unwrap_or_default();
    bytes.extend(rand::random::<[u8; RANDOM_BYTES]>());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The project that a token names; anybody can write such a token, so this grants nothing.
pub fn project_of(token: &str) -> Option<Id> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok().filter(|bytes| bytes.len() == 12 + RANDOM_BYTES)?;
    Id::parse(&hex::encode(&bytes[..12]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_43_characters_and_names_its_project() {
        let project = Id::parse("0123456789abcdef01234567").expect("an id");
        let token = token(project);
        assert_eq!(token.len(), 43);
        assert_eq!(project_of(&token), Some(project));
        for other in ["", "null", &token[1..], "ééé"] {
            assert_eq!(project_of(other), None, "{other}");
        }
    }
}
