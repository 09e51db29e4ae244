//! Certificates for servers on loopback.

use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;

/// A certificate authority that no machine trusts unless told to.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// Makes one.
    #[expect(
        clippy::new_without_default,
        reason = "it draws keys: not a default value"
    )]
    pub fn new() -> Self {
        let mut parameters = CertificateParams::new(Vec::new()).expect("no names are fine");
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key can be drawn");
        Self(CertifiedIssuer::self_signed(parameters, key).expect("an authority signs itself"))
    }

    /// Returns its certificate as PEM, for clients to trust.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// Returns a certificate for `localhost`, 127.0.0.1 and these names, and its key: for servers of
    /// others.
    pub fn pair(&self, names: &[&str]) -> (Certificate, KeyPair) {
        let names = ["localhost", "127.0.0.1"].iter().chain(names);
        let names: Vec<String> = names.map(|&name| name.to_owned()).collect();
        let key = KeyPair::generate().expect("a key can be drawn");
        let parameters = CertificateParams::new(names).expect("the names are fine");
        let certificate = parameters
            .signed_by(&key, &self.0)
            .expect("the authority signs");
        (certificate, key)
    }

    /// Returns what a server for `localhost` and 127.0.0.1 needs, for HTTP/1.1.
    pub fn server(&self) -> Arc<ServerConfig> {
        self.server_of(&[])
    }

    /// Returns what a server for these names needs, besides.
    pub fn server_of(&self, names: &[&str]) -> Arc<ServerConfig> {
        let (certificate, key) = self.pair(names);
        let private =
            PrivateKeyDer::try_from(key.serialize_der()).expect("a drawn key is well formed");
        let configuration = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring speaks TLS")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)
            .expect("the certificate is the key's");
        Arc::new(configuration)
    }
}
