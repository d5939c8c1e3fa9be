//! The configuration: flags over environment over file over defaults, with every mistake told at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use hark_deliver::mail::{MailSettings, Mailer, Tls};
use hark_deliver::objects::S3Settings;
use hark_deliver::secret::Secret;
use hark_deliver::service::ServiceUrls;
use hark_store::SecretKeys;
use ipnet::IpNet;
use tracing_subscriber::filter::LevelFilter;

use crate::settings::{SETTINGS, Setting};

/// Time for handing one mail to the mail server, in milliseconds.
const SMTP_TIMEOUT_MS: u64 = 30_000;
/// What `report_bytes_max` may be: parts of a report are held in memory while it is read.
const REPORT_BYTES_MAX: u32 = 256 * 1024 * 1024;
/// The largest configuration or secret file, in bytes.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// What the operator decided, checked.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) listen: SocketAddr,
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// Without a slash at the end.
    pub(crate) public_url: Option<String>,
    pub(crate) other_hosts: Vec<String>,
    /// Without a slash at the end.
    pub(crate) media_url: Option<String>,
    /// Without a slash at the end.
    pub(crate) messenger_url: Option<String>,
    pub(crate) web_dir: Option<PathBuf>,
    pub(crate) upload_bytes_max: u32,
    pub(crate) report_bytes_max: u32,
    pub(crate) chromium: Option<PathBuf>,
    pub(crate) s3: Option<S3Settings>,
    pub(crate) data: PathBuf,
    /// The keys of secrets in the database.
    pub(crate) secrets: SecretKeys,
    pub(crate) database_url: Option<Secret>,
    pub(crate) database_connections: usize,
    pub(crate) log_json: bool,
    pub(crate) log_level: String,
    pub(crate) otlp_endpoint: Option<String>,
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) allow_private: Vec<IpNet>,
    pub(crate) connections_max: u32,
    pub(crate) rest_calls_per_minute: u32,
    pub(crate) sdk_calls_per_minute: u32,
    pub(crate) server_calls_per_minute: u32,
    pub(crate) failed_calls_per_minute: u32,
    pub(crate) network_sockets_max: u32,
    pub(crate) contact_sockets_max: u32,
    pub(crate) open_sign_up: bool,
    pub(crate) services: ServiceUrls,
    pub(crate) smtp: Option<MailSettings>,
    pub(crate) demo: bool,
    pub(crate) demo_sdk: Option<PathBuf>,
}

/// Everything that is wrong with the configuration, one sentence a line.
#[derive(Debug)]
pub(crate) struct Mistakes(Vec<String>);

impl std::fmt::Display for Mistakes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the configuration cannot be used:")?;
        self.0.iter().try_for_each(|mistake| write!(f, "\n  {mistake}"))
    }
}

impl std::error::Error for Mistakes {}

/// Finds the value of a setting by its name.
type Lookup<'s> = &'s dyn Fn(&str) -> Option<String>;

/// Where values come from, the strongest first.
pub(crate) struct Sources<'s> {
    /// The value of a flag.
    pub(crate) flag: Lookup<'s>,
    /// The value of an environment variable.
    pub(crate) variable: Lookup<'s>,
    /// The path and the text of the configuration file.
    pub(crate) file: Option<(String, String)>,
}

/// Reads and checks every setting.
///
/// # Errors
/// All mistakes together.
pub(crate) fn read(sources: &Sources<'_>) -> Result<Config, Mistakes> {
    let mut reader = Reader::default();
    reader.gather(sources);
    let config = reader.config();
    match config {
        Some(config) if reader.mistakes.is_empty() => Ok(config),
        _ => Err(Mistakes(reader.mistakes)),
    }
}

/// One of the sources: its values, and what a place in it is called.
struct Layer<'s> {
    value: Lookup<'s>,
    place: &'s dyn Fn(&str) -> String,
}

/// A value and where it was found.
struct Found {
    text: String,
    place: String,
}

#[derive(Default)]
struct Reader {
    found: BTreeMap<&'static str, Found>,
    mistakes: Vec<String>,
}

impl Reader {
    fn gather(&mut self, sources: &Sources<'_>) {
        let (path, file) = match &sources.file {
            Some((path, text)) => (path.as_str(), self.file(path, text)),
            None => ("", BTreeMap::new()),
        };
        let layers = [
            Layer { value: sources.flag, place: &|name| format!("--{}", Setting::flag_name(name)) },
            Layer { value: sources.variable, place: &|name| Setting::variable(name) },
            Layer { value: &|name| file.get(name).cloned(), place: &|name| format!("`{name}` in {path}") },
        ];
        for setting in SETTINGS {
            let in_layers = layers.iter().find_map(|layer| self.in_layer(setting, layer));
            let default = || {
                setting.default.map(|text| Found { text: text.to_owned(), place: "the default".to_owned() })
            };
            if let Some(found) = in_layers.or_else(default) {
                self.found.insert(setting.name, found);
            }
        }
    }

    /// A setting in one layer; a secret may stand there itself or as the path of a file.
    fn in_layer(&mut self, setting: &Setting, layer: &Layer<'_>) -> Option<Found> {
        let Layer { value, place } = layer;
        let get = |name: &str| value(name).filter(|text| !text.is_empty());
        let plain = get(setting.name);
        let Some((key, path)) = setting.file_key().and_then(|key| Some((key.clone(), get(&key)?))) else {
            return plain.map(|text| Found { text, place: place(setting.name) });
        };
        if plain.is_some() {
            self.mistakes.push(format!("{} and {} exclude each other", place(setting.name), place(&key)));
        }
        match read_file(&path) {
            Ok(text) => Some(Found { text: text.trim().to_owned(), place: place(&key) }),
            Err(error) => {
                self.mistakes.push(format!("{}: {path} cannot be read: {error}", place(&key)));
                None
            }
        }
    }

    /// The keys of the configuration file with their values as texts.
    fn file(&mut self, path: &str, text: &str) -> BTreeMap<String, String> {
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                // The error's own text quotes the line, which may hold a secret.
                let error: toml::de::Error = error;
                let line = error.span().map_or(0, |span| text[..span.start].lines().count().max(1));
                self.mistakes.push(format!("{path}, line {line}: {}", error.message()));
                return BTreeMap::new();
            }
        };
        let known: BTreeSet<String> = SETTINGS
            .iter()
            .flat_map(|setting| [Some(setting.name.to_owned()), setting.file_key()])
            .flatten()
            .collect();
        let mut values = BTreeMap::new();
        for (key, value) in table {
            if !known.contains(&key) {
                self.mistakes.push(format!("`{key}` in {path} is no setting, see `hark serve --help`"));
            } else if let Some(text) = as_text(&value) {
                values.insert(key, text);
            } else {
                self.mistakes.push(format!(
                    "`{key}` in {path} must be a text, a number, true, false or a list of texts"
                ));
            }
        }
        values
    }

    fn config(&mut self) -> Option<Config> {
        let smtp = self.smtp();
        let services = self.services();
        let listen = self.parse("listen", "an address with a port such as 127.0.0.1:8080");
        let metrics_listen = self.optional("metrics_listen", "an address with a port such as 127.0.0.1:9100");
        let public_url = self.web_address("public_url");
        let media_url = self.web_address("media_url");
        let messenger_url = self.web_address("messenger_url");
        let s3 = self.s3();
        let upload_bytes_max = self.count("upload_bytes_max", u32::MAX);
        let report_bytes_max = self.count("report_bytes_max", REPORT_BYTES_MAX);
        let otlp_endpoint = self.web_address("otlp_endpoint");
        let database_connections = self.count("database_connections", 1_000);
        let connections_max = self.count("connections_max", 1_000_000);
        let rest_calls_per_minute = self.count("rest_calls_per_minute", u32::MAX);
        let sdk_calls_per_minute = self.count("sdk_calls_per_minute", u32::MAX);
        let server_calls_per_minute = self.count("server_calls_per_minute", u32::MAX);
        let failed_calls_per_minute = self.count("failed_calls_per_minute", u32::MAX);
        let network_sockets_max = self.count("network_sockets_max", 1_000_000);
        let contact_sockets_max = self.count("contact_sockets_max", 1_000);
        let open_sign_up = self.parse("open_sign_up", "true or false");
        let database_url = self.database_url();
        let data = PathBuf::from(self.text("data")?);
        let secrets = self.secrets(SecretKeys::in_folder(&data));
        let log_json = self.one_of("log_format", &[("text", false), ("json", true)]);
        let log_level = self.log_level();
        let trusted_proxies = self.ranges("trusted_proxies");
        let allow_private = self.ranges("allow_private");
        let demo = self.optional("demo", "true or false").unwrap_or(false);
        Some(Config {
            listen: listen?,
            metrics_listen,
            public_url,
            other_hosts: self.hosts("other_hosts"),
            media_url,
            messenger_url,
            web_dir: self.text("web_dir").map(PathBuf::from),
            upload_bytes_max: upload_bytes_max?,
            report_bytes_max: report_bytes_max?,
            chromium: self.text("chromium").map(PathBuf::from),
            s3,
            data,
            secrets,
            database_url,
            database_connections: database_connections? as usize,
            log_json: log_json?,
            log_level: log_level?,
            otlp_endpoint,
            trusted_proxies,
            allow_private,
            connections_max: connections_max?,
            rest_calls_per_minute: rest_calls_per_minute?,
            sdk_calls_per_minute: sdk_calls_per_minute?,
            server_calls_per_minute: server_calls_per_minute?,
            failed_calls_per_minute: failed_calls_per_minute?,
            network_sockets_max: network_sockets_max?,
            contact_sockets_max: contact_sockets_max?,
            open_sign_up: open_sign_up?,
            services,
            smtp,
            demo,
            demo_sdk: self.text("demo_sdk").map(PathBuf::from),
        })
    }

    fn text(&self, name: &str) -> Option<String> {
        self.found.get(name).map(|found| found.text.clone())
    }

    /// Notes that a value is not `wanted`; a secret is not repeated.
    fn refuse(&mut self, name: &str, wanted: &str) {
        let Some(found) = self.found.get(name) else { return };
        let mut mistake = found.place.clone();
        if !SETTINGS.iter().any(|setting| setting.name == name && setting.secret) {
            let _ = write!(mistake, " is {:?}, which", found.text);
        }
        self.mistakes.push(format!("{mistake} is not {wanted}"));
    }

    fn optional<T: FromStr>(&mut self, name: &str, wanted: &str) -> Option<T> {
        let text = self.text(name)?;
        let value = text.trim().parse().ok();
        if value.is_none() {
            self.refuse(name, wanted);
        }
        value
    }

    fn parse<T: FromStr>(&mut self, name: &str, wanted: &str) -> Option<T> {
        self.optional(name, wanted)
    }

    fn count(&mut self, name: &str, max: u32) -> Option<u32> {
        let wanted = format!("a whole number between 1 and {max}");
        let value = self.parse(name, &wanted)?;
        if (1..=max).contains(&value) {
            return Some(value);
        }
        self.refuse(name, &wanted);
        None
    }

    fn one_of<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(name)?;
        let choice = choices.iter().find(|(known, _)| *known == text).map(|(_, value)| *value);
        if choice.is_none() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            self.refuse(name, &format!("one of {}", names.join(", ")));
        }
        choice
    }

    fn hosts(&mut self, name: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        let hosts: Vec<String> =
            text.split(',').map(str::trim).filter(|host| !host.is_empty()).map(str::to_owned).collect();
        let usable = |host: &String| host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c));
        if !hosts.iter().all(usable) {
            self.refuse(name, "a list of host names such as socket.example.com,chat.example.com");
        }
        hosts
    }

    fn ranges(&mut self, name: &str) -> Vec<IpNet> {
        let text = self.text(name).unwrap_or_default();
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let ranges: Option<Vec<IpNet>> = parts.map(range).collect();
        if ranges.is_none() {
            self.refuse(name, "a list of address ranges such as 10.0.0.0/8,::1/128");
        }
        ranges.unwrap_or_default()
    }

    fn web_address(&mut self, name: &str) -> Option<String> {
        let text = self.text(name)?;
        let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
        let usable = |host: &str| {
            !host.is_empty()
                && !host.starts_with('/')
                && !host.contains(['?', '#', '@'])
                && host.is_ascii()
                && !host.contains(char::is_whitespace)
        };
        if !host.is_some_and(usable) {
            self.refuse(name, "a web address such as https://hark.example.com");
            return None;
        }
        Some(text.trim_end_matches('/').to_owned())
    }

    fn services(&mut self) -> ServiceUrls {
        let mut address = |name: &str, usual: String| self.web_address(name).unwrap_or(usual);
        let usual = ServiceUrls::default();
        ServiceUrls {
            intercom: address("intercom_url", usual.intercom),
            hubspot: address("hubspot_url", usual.hubspot),
            zendesk: address("zendesk_url", usual.zendesk),
            stripe: address("stripe_url", usual.stripe),
            chargebee: address("chargebee_url", usual.chargebee),
            lemon_squeezy: address("lemon_squeezy_url", usual.lemon_squeezy),
            shopify: address("shopify_url", usual.shopify),
        }
    }

    fn s3(&mut self) -> Option<S3Settings> {
        let endpoint = self.web_address("s3_endpoint");
        let Some(bucket) = self.text("s3_bucket") else {
            for name in ["s3_endpoint", "s3_access_key", "s3_secret_key"] {
                if let Some(found) = self.found.get(name) {
                    self.mistakes.push(format!("{} needs `s3_bucket` as well", found.place));
                }
            }
            return None;
        };
        let (Some(access_key), Some(secret_key)) = (self.text("s3_access_key"), self.text("s3_secret_key"))
        else {
            self.mistakes.push("`s3_bucket` needs `s3_access_key` and `s3_secret_key` as well".to_owned());
            return None;
        };
        let region = self.text("s3_region")?;
        Some(S3Settings { endpoint, bucket, region, access_key, secret_key: Secret::new(secret_key) })
    }

    fn database_url(&mut self) -> Option<Secret> {
        let url = self.text("database_url")?;
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            self.refuse("database_url", "an address such as postgres://user:password@host/database");
            return None;
        }
        Some(Secret::new(url))
    }

    fn secrets(&mut self, keys: SecretKeys) -> SecretKeys {
        let Some(text) = self.text("secrets_key") else { return keys };
        keys.clone().with(&text).unwrap_or_else(|error| {
            let place = self.found.get("secrets_key").map(|found| found.place.clone()).unwrap_or_default();
            self.mistakes.push(format!("{place}: {error}"));
            keys
        })
    }

    fn log_level(&mut self) -> Option<String> {
        let text = self.text("log_level")?;
        // A word alone is read as the name of a part of the program: `wran` would silence everything else.
        let is_level = |part: &str| part.contains('=') || part.trim().parse::<LevelFilter>().is_ok();
        if tracing_subscriber::EnvFilter::try_new(&text).is_err() || !text.split(',').all(is_level) {
            self.refuse("log_level", "a level such as info, or levels such as info,hark_store=debug");
            return None;
        }
        Some(text)
    }

    fn smtp(&mut self) -> Option<MailSettings> {
        let port = self.parse("smtp_port", "a port such as 587");
        let tls = self.one_of(
            "smtp_tls",
            &[("starttls", Tls::StartTls), ("implicit", Tls::Implicit), ("none", Tls::None)],
        );
        let Some(host) = self.text("smtp_host") else {
            for name in ["smtp_username", "smtp_password", "smtp_from"] {
                if let Some(found) = self.found.get(name) {
                    self.mistakes.push(format!("{} needs `smtp_host` as well", found.place));
                }
            }
            return None;
        };
        let Some(from) = self.text("smtp_from") else {
            self.mistakes.push("`smtp_host` needs `smtp_from` as well, the sender of mail".to_owned());
            return None;
        };
        let settings = MailSettings {
            host,
            port: port?,
            tls: tls?,
            username: self.text("smtp_username"),
            password: self.text("smtp_password").map(Secret::new),
            from,
            timeout_ms: SMTP_TIMEOUT_MS,
        };
        match Mailer::smtp(settings.clone()) {
            Ok(_) => Some(settings),
            Err(error) => {
                self.mistakes.push(error.to_string());
                None
            }
        }
    }
}

/// A range, or a single address.
fn range(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse().ok().map(|address: std::net::IpAddr| address.into()))
}

fn as_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        toml::Value::Array(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}

/// The text of a file of a sensible size.
pub(crate) fn read_file(path: &str) -> std::io::Result<String> {
    use std::io::Read;
    let mut text = String::new();
    std::fs::File::open(path)?.take(FILE_BYTES_MAX).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_with(flags: &[(&str, &str)], variables: &[(&str, &str)], file: &str) -> Result<Config, String> {
        let pick = |from: &[(&str, &str)], name: &str| {
            from.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        let sources = Sources {
            flag: &|name| pick(flags, name),
            variable: &|name| pick(variables, name),
            file: Some(("hark.toml".to_owned(), file.to_owned())),
        };
        read(&sources).map_err(|mistakes| mistakes.to_string())
    }

    #[test]
    fn flags_win_over_the_environment_and_that_over_the_file() {
        let file =
            "listen = \"127.0.0.1:1\"\ndatabase_connections = 3\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]";
        let config = read_with(
            &[("listen", "127.0.0.1:3")],
            &[("listen", "127.0.0.1:2"), ("data", "/x"), ("log_format", "")],
            file,
        )
        .expect("a usable configuration");
        assert_eq!(config.listen.port(), 3);
        assert_eq!(
            (config.data.to_str(), config.database_connections, config.log_json),
            (Some("/x"), 3, false)
        );
        assert_eq!(
            config.trusted_proxies,
            ["10.0.0.0/8".parse().expect("a range"), "::1/128".parse().expect("a range")]
        );
    }

    #[test]
    fn all_mistakes_are_told_at_once_and_secrets_are_not_repeated() {
        let file = "other_hosts = \"https://x\"\nlisen = 1\ndatabase_url = \"mysql://hunter2\"\nsmtp_port = 70000\nallow_private = [1]";
        let mistakes = read_with(
            &[("log_format", "xml"), ("log_level", "info,wran")],
            &[("connections_max", "0")],
            file,
        )
        .expect_err("mistakes");
        for part in [
            "--log-level is \"info,wran\", which is not a level such as info",
            "`lisen` in hark.toml is no setting",
            "`database_url` in hark.toml is not an address such as postgres://",
            "`other_hosts` in hark.toml is \"https://x\", which is not a list of host names",
            "`smtp_port` in hark.toml is \"70000\", which is not a port",
            "`allow_private` in hark.toml must be a text",
            "--log-format is \"xml\", which is not one of text, json",
            "HARK_CONNECTIONS_MAX is \"0\", which is not a whole number between 1 and",
        ] {
            assert!(mistakes.contains(part), "{part} is not in {mistakes}");
        }
        assert!(!mistakes.contains("hunter2"), "{mistakes}");
    }

    #[test]
    fn a_broken_file_is_told_with_its_line_and_without_its_text() {
        let mistakes = read_with(&[], &[], "data = \"x\"\nsmtp_password = hunter2\n").expect_err("a mistake");
        assert!(mistakes.contains("hark.toml, line 2") && !mistakes.contains("hunter2"), "{mistakes}");
    }

    #[test]
    fn a_secret_comes_from_a_file_but_not_from_two_places() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("url");
        std::fs::write(&path, "postgres://u:hunter2@h/d\n").expect("a file");
        let path = path.to_str().expect("a path");
        let config = read_with(&[], &[("database_url_file", path)], "").expect("a usable configuration");
        assert_eq!(config.database_url.as_ref().map(Secret::expose), Some("postgres://u:hunter2@h/d"));
        assert!(!format!("{config:?}").contains("hunter2"));
        let both = read_with(&[], &[("database_url_file", path), ("database_url", "postgres://h/d")], "");
        assert!(both.expect_err("a mistake").contains("exclude each other"));
        assert!(
            read_with(&[], &[("database_url_file", "/none")], "")
                .expect_err("a mistake")
                .contains("/none cannot be read")
        );
    }

    #[test]
    fn a_bucket_needs_its_key() {
        let mistakes = read_with(&[], &[("s3_secret_key", "hunter2")], "").expect_err("a mistake");
        assert!(mistakes.contains("HARK_S3_SECRET_KEY needs `s3_bucket`"), "{mistakes}");
        let mistakes = read_with(&[], &[("s3_bucket", "files")], "").expect_err("a mistake");
        assert!(mistakes.contains("`s3_bucket` needs `s3_access_key`"), "{mistakes}");
        let key = [("s3_bucket", "files"), ("s3_access_key", "id"), ("s3_secret_key", "hunter2")];
        let config = read_with(&[], &key, "").expect("usable");
        assert_eq!(config.s3.as_ref().map(|s3| s3.region.as_str()), Some("us-east-1"));
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn mail_needs_a_server_and_a_sender() {
        let mistakes = read_with(&[], &[("smtp_from", "a@example.com")], "").expect_err("a mistake");
        assert!(mistakes.contains("HARK_SMTP_FROM needs `smtp_host`"), "{mistakes}");
        let mistakes = read_with(&[], &[("smtp_host", "mail")], "").expect_err("a mistake");
        assert!(mistakes.contains("`smtp_host` needs `smtp_from`"), "{mistakes}");
        let good =
            read_with(&[], &[("smtp_host", "mail"), ("smtp_from", "a@example.com")], "").expect("usable");
        assert_eq!(good.smtp.map(|smtp| smtp.port), Some(587));
    }
}
