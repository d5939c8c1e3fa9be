//! What SDK calls need to know about their project, remembered until it changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use hark_core::config::{self, Config};
use hark_store::{Error, Result, Scope};

use crate::app::App;

/// A project as SDK calls see it.
pub(crate) struct KnownProject {
    pub(crate) config: Config,
    pub(crate) identity_secret: String,
    /// The answers of `/config` by language; there are only as many as there are translations.
    answers: Mutex<HashMap<String, Arc<str>>>,
}

impl KnownProject {
    /// The project of a scope. Its documents are of kinds that count as credentials, so that every
    /// node forgets it when one of them changes.
    pub(crate) async fn of(app: &App, scope: &Scope) -> Result<Arc<KnownProject>> {
        let id = scope.project().ok_or_else(|| Error::internal("an SDK call without a project"))?;
        let rights = app.store.rights();
        if let Some(known) = app.projects().recall(&id, rights) {
            return Ok(known);
        }
        let config = app.store.peek(scope, config::load).await?;
        let read = move |tx: &hark_store::ReadTx<'_>| config::identity_secret(tx, id);
        let identity_secret = app.store.peek(&app.store.operator(), read).await?;
        let known = Arc::new(KnownProject { config, identity_secret, answers: Mutex::default() });
        app.projects().remember(id, rights, &known);
        Ok(known)
    }

    /// The answer of `/config` to an SDK that asks for this language.
    pub(crate) fn answer(&self, app: &App, asked: &str) -> Arc<str> {
        let language = self.config.language(asked);
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = answers.get(&language) {
            return answer.clone();
        }
        let (hosts, media) = (app.settings.own_hosts(), app.settings.media_url());
        let answer: Arc<str> = self.config.answer(&language, &hosts, &media).to_string().into();
        answers.insert(language, answer.clone());
        answer
    }
}
