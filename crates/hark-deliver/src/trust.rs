//! Which certificates are believed: the system's and Mozilla's, with one crypto provider.
//!
//! Both sets together, because a bare container has no system certificates, and an operator
//! with an internal authority adds it to the system (or names a file in `SSL_CERT_FILE`).

use std::sync::OnceLock;

use rustls::pki_types::CertificateDer;

/// Makes ring the process's provider; harmless when one is installed already.
pub(crate) fn install_crypto_provider() {
    // The error only says that somebody was first.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The usable certificates of the system, read once.
pub(crate) fn system_certificates() -> &'static [CertificateDer<'static>] {
    static CERTIFICATES: OnceLock<Vec<CertificateDer<'static>>> = OnceLock::new();
    CERTIFICATES.get_or_init(|| {
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::debug!(%error, "a system certificate could not be read");
        }
        let mut scratch = rustls::RootCertStore::empty();
        let usable = |certificate: &CertificateDer<'static>| scratch.add(certificate.clone()).is_ok();
        found.certs.into_iter().filter(usable).collect()
    })
}

/// TLS settings for HTTP clients.
pub(crate) fn https_config() -> rustls::ClientConfig {
    install_crypto_provider();
    let mut roots = rustls::RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    roots.add_parsable_certificates(system_certificates().iter().cloned());
    let mut config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}
