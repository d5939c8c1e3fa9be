//! The table of settings: flags, environment variables and the keys of the
//! configuration file are all made of it.

/// Something that the operator can set.
#[derive(Debug)]
pub(crate) struct Setting {
    /// The key in the configuration file. The flag and the variable are spelled after it:
    /// `public_url`, `--public-url`, `HARK_PUBLIC_URL`.
    pub(crate) name: &'static str,
    /// What a value looks like; empty for a switch.
    pub(crate) shape: &'static str,
    /// What it says about itself.
    pub(crate) help: &'static str,
    /// The value when nobody sets one.
    pub(crate) default: Option<&'static str>,
    /// Never shown, and also read from the file that the same name with `_file` gives.
    pub(crate) secret: bool,
    /// Whether the value itself may be given as a flag.
    pub(crate) flag: bool,
    /// Whether every command takes it, and not only `serve`.
    pub(crate) everywhere: bool,
}

impl Setting {
    const fn new(name: &'static str, shape: &'static str, help: &'static str) -> Setting {
        Setting { name, shape, help, default: None, secret: false, flag: true, everywhere: false }
    }

    const fn default(mut self, value: &'static str) -> Setting {
        self.default = Some(value);
        self
    }

    const fn everywhere(mut self) -> Setting {
        self.everywhere = true;
        self
    }

    const fn secret(mut self) -> Setting {
        self.secret = true;
        self
    }

    /// Other users of the machine can read the command lines of its processes.
    const fn no_flag(mut self) -> Setting {
        self.flag = false;
        self
    }

    /// The name of the flag without its dashes.
    pub(crate) fn flag_name(name: &str) -> String {
        name.replace('_', "-")
    }

    /// The name of the environment variable.
    pub(crate) fn variable(name: &str) -> String {
        format!("HARK_{}", name.to_uppercase())
    }

    /// The key under which the path of a file with the secret is given.
    pub(crate) fn file_key(&self) -> Option<String> {
        self.secret.then(|| format!("{}_file", self.name))
    }
}

/// Every setting, in the order of the documentation.
pub(crate) const SETTINGS: &[Setting] = &[
    Setting::new("listen", "ADDRESS:PORT", "where to listen; port 0 takes a free one").default("127.0.0.1:8080"),
    Setting::new(
        "public_url",
        "URL",
        "the address under which browsers reach the server [default: http://localhost with the port of `listen`]",
    ),
    Setting::new(
        "other_hosts",
        "HOSTS",
        "further host names of this server, with commas between, if they are not ws., messenger. and media. before the \
         public one",
    ),
    Setting::new(
        "media_url",
        "URL",
        "the address under which browsers get files; an origin of its own [default: `public_url` with media. before its host]",
    ),
    Setting::new(
        "messenger_url",
        "URL",
        "the address of the messenger; an origin of its own [default: `public_url` with messenger. before its host]",
    ),
    Setting::new(
        "web_dir",
        "FOLDER",
        "a folder like `web` in the repository, to serve the front ends built there instead of those in the program",
    ),
    Setting::new("upload_bytes_max", "BYTES", "bytes of an upload at most").default("104857600"),
    Setting::new("report_bytes_max", "BYTES", "bytes of a bug report at most, its screenshot and replay included")
        .default("33554432"),
    Setting::new(
        "chromium",
        "FILE",
        "a Chromium that makes pictures of captured pages; without one the pages themselves are shown",
    ),
    Setting::new("s3_bucket", "NAME", "a bucket of an S3-compatible store for files, instead of the data folder").everywhere(),
    Setting::new("s3_endpoint", "URL", "the address of that store [default: Amazon's in the region]").everywhere(),
    Setting::new("s3_region", "NAME", "the region of the bucket").default("us-east-1").everywhere(),
    Setting::new("s3_access_key", "ID", "the id of the access key for the bucket").everywhere(),
    Setting::new("s3_secret_key", "SECRET", "the secret of the access key for the bucket").secret().no_flag().everywhere(),
    Setting::new("data", "FOLDER", "the folder of the embedded database and of files").default("./data").everywhere(),
    Setting::new(
        "secrets_key",
        "KEYS",
        "the key under which secrets in the database are encrypted, 64 hexadecimal digits; several with commas \
         between, the newest first [default: secrets.key in the data folder, which is made]",
    )
    .secret()
    .no_flag()
    .everywhere(),
    Setting::new(
        "database_url",
        "URL",
        "a PostgreSQL to use instead of the embedded database: postgres://user:password@host/database?sslmode=require",
    )
    .secret()
    .everywhere(),
    Setting::new("database_connections", "COUNT", "connections to PostgreSQL at most").default("16").everywhere(),
    Setting::new("log_format", "text|json", "how log lines look").default("text").everywhere(),
    Setting::new("log_level", "LEVEL", "what is logged: error, warn, info, debug, or `info,hark_store=debug`")
        .default("info")
        .everywhere(),
    Setting::new("metrics_listen", "ADDRESS:PORT", "where to answer /metrics instead of on `listen`"),
    Setting::new("otlp_endpoint", "URL", "an OpenTelemetry collector that takes traces over HTTP: http://localhost:4318"),
    Setting::new(
        "trusted_proxies",
        "RANGES",
        "proxies whose X-Forwarded-For is believed, as address ranges with commas between: 10.0.0.0/8,::1/128",
    ),
    Setting::new(
        "allow_private",
        "RANGES",
        "private networks that imports and lookups may reach, as address ranges with commas between",
    ),
    Setting::new("connections_max", "COUNT", "open HTTP connections at most; more wait").default("10000"),
    Setting::new("rest_calls_per_minute", "COUNT", "REST calls of one project per minute").default("60000"),
    Setting::new("sdk_calls_per_minute", "COUNT", "SDK calls of one project per minute").default("600000"),
    Setting::new("server_calls_per_minute", "COUNT", "server-side tracking calls of one project per minute")
        .default("60000"),
    Setting::new(
        "failed_calls_per_minute",
        "COUNT",
        "calls without good credentials from one address (IPv6: one /64 network) per minute",
    )
    .default("3000"),
    Setting::new(
        "network_sockets_max",
        "COUNT",
        "open sockets of SDKs, and as many of agents, from one address (IPv6: one /64 network) on this server",
    )
    .default("2000"),
    Setting::new("contact_sockets_max", "COUNT", "open sockets of one contact on this server").default("20"),
    Setting::new("open_sign_up", "true|false", "whether people sign up without an invitation").default("true"),
    Setting::new("intercom_url", "URL", "where contacts are imported from Intercom [default: https://api.intercom.io]"),
    Setting::new("hubspot_url", "URL", "where contacts are imported from HubSpot [default: https://api.hubapi.com]"),
    Setting::new("zendesk_url", "URL", "where users are imported from Zendesk [default: https://{subdomain}.zendesk.com]"),
    Setting::new("stripe_url", "URL", "where customers are looked up in Stripe [default: https://api.stripe.com]"),
    Setting::new("chargebee_url", "URL", "where customers are looked up in Chargebee [default: https://{site}.chargebee.com]"),
    Setting::new(
        "lemon_squeezy_url",
        "URL",
        "where customers are looked up in Lemon Squeezy [default: https://api.lemonsqueezy.com]",
    ),
    Setting::new("shopify_url", "URL", "where customers are looked up in Shopify [default: https://{shop}.myshopify.com]"),
    Setting::new("smtp_host", "HOST", "the mail server; without one no mail is sent"),
    Setting::new("smtp_port", "PORT", "the mail server's port").default("587"),
    Setting::new("smtp_tls", "starttls|implicit|none", "how the connection to the mail server is protected")
        .default("starttls"),
    Setting::new("smtp_username", "NAME", "the login at the mail server"),
    Setting::new("smtp_password", "PASSWORD", "the password of the login at the mail server").secret().no_flag(),
    Setting::new("smtp_from", "ADDRESS", "the sender of mail: Support <support@example.com>"),
    Setting::new("demo", "", "serve a demo page at /demo"),
    Setting::new("demo_sdk", "FILE", "the browser build of the official web SDK, for the demo page"),
];
