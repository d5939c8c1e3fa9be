//! Where the configuration says that data and files are, opened.

use anyhow::Context;
use hark_core::secrets;
use hark_store::{Clock, FileStore, Location, Store, seal_old_secrets};

use crate::config::Config;

impl Config {
    /// Where files are.
    ///
    /// # Errors
    /// When the folder cannot be made or the settings of the bucket cannot be used.
    pub(crate) fn files(&self) -> anyhow::Result<FileStore> {
        Ok(match &self.s3 {
            Some(s3) => FileStore::elsewhere(hark_deliver::objects::s3(s3)?, &self.data)?,
            None => FileStore::in_folder(&self.data)?,
        })
    }

    /// Opens the database; secrets that an older program left in it are sealed.
    ///
    /// # Errors
    /// When it cannot be opened, or its secrets have another key.
    pub(crate) async fn open(&self, clock: Clock) -> anyhow::Result<Store> {
        let store = Store::open(&self.location(), clock, &self.secrets).await;
        let store = store.context("the database cannot be opened")?;
        seal_old_secrets(&store, secrets::KINDS).await.context("secrets cannot be encrypted")?;
        Ok(store)
    }

    /// Where the data is.
    pub(crate) fn location(&self) -> Location {
        match &self.database_url {
            Some(url) => {
                Location::Postgres { url: url.expose().to_owned(), connections: self.database_connections }
            }
            None => Location::Sqlite(self.data.join("hark.db")),
        }
    }
}
