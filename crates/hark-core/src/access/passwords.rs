//! Passwords: stored as Argon2id hashes, checked slowly on purpose, a few at a time.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use hark_store::{Error, Result};
use tokio::sync::Semaphore;

/// Characters of a password at least; length is what counts (NIST SP 800-63B).
const LENGTH_MIN: usize = 8;
/// Bytes of a password at most, so that hashing stays bounded.
const LENGTH_MAX: usize = 512;
/// How long a call waits for its turn.
const WAIT_MAX: Duration = Duration::from_secs(5);

/// Checks passwords on threads for blocking work. Each check takes 19 MiB and some
/// hundredths of a second, so only a few run at once and the others wait.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// A hash that no password was made for; checking against it takes as long as any other check.
    decoy: Arc<OnceLock<String>>,
}

impl Passwords {
    /// Checks at most `at_once` passwords beside each other.
    pub fn new(at_once: usize) -> Passwords {
        Passwords { turns: Arc::new(Semaphore::new(at_once.max(1))), decoy: Arc::default() }
    }

    /// The hash of a password; see [`hash_password`].
    pub async fn hash(&self, password: String) -> Result<String> {
        self.run(move |_| hash_password(&password)).await?
    }

    /// Whether the password belongs to the hash. Without a hash the answer is no, after the same time.
    pub async fn fit(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.run(move |decoy| {
            let fits = password_fits(&password, hash.as_deref().unwrap_or(decoy));
            fits && hash.is_some()
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&str) -> T + Send + 'static) -> Result<T> {
        let turn = tokio::time::timeout(WAIT_MAX, self.turns.clone().acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(Error::Unavailable("too many people sign in at once, try again".to_owned()));
        };
        let decoy = self.decoy.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(decoy.get_or_init(|| hash_password("no password has this hash").unwrap_or_default()))
        });
        done.await.map_err(|panic| Error::internal(format!("checking a password failed: {panic}")))
    }
}

impl Default for Passwords {
    /// As many at once as the machine has cores.
    fn default() -> Passwords {
        Passwords::new(std::thread::available_parallelism().map_or(2, usize::from))
    }
}

/// The hash of a password, in the PHC string format.
///
/// # Errors
/// [`Error::Invalid`] when it is too short or too long.
pub fn hash_password(password: &str) -> Result<String> {
    if password.chars().count() < LENGTH_MIN || password.len() > LENGTH_MAX {
        return Err(Error::invalid(format!(
            "a password has between {LENGTH_MIN} and {LENGTH_MAX} characters"
        )));
    }
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(Error::internal)?;
    Ok(hash.to_string())
}

/// Whether the password belongs to the hash.
fn password_fits(password: &str, hash: &str) -> bool {
    password.len() <= LENGTH_MAX
        && PasswordHash::new(hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let passwords = Passwords::new(1);
        let hash = passwords.hash("correct horse".into()).await.expect("long enough");
        let fits = async |password: &str, hash: Option<&str>| {
            passwords.fit(password.into(), hash.map(str::to_owned)).await.expect("a turn")
        };
        assert!(fits("correct horse", Some(&hash)).await);
        assert!(!fits("correct horsf", Some(&hash)).await);
        assert!(!fits("correct horse", Some("not a hash")).await);
        assert!(!fits("no password has this hash", None).await);
        assert!(passwords.hash("short".into()).await.is_err());
        assert!(passwords.hash("x".repeat(LENGTH_MAX + 1)).await.is_err());
    }
}
