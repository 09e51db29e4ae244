//! Certificates for servers on loopback, and for clients of theirs.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd,
};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{ConfigBuilder, RootCertStore, ServerConfig, WantsVerifier};

/// A certificate authority that no machine trusts unless told to.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// Makes one.
    #[expect(
        clippy::new_without_default,
        reason = "it draws keys: not a default value"
    )]
    pub fn new() -> Self {
        Self::of(CertificateParams::new(Vec::new()).expect("no names are fine"))
    }

    /// Makes one whose own certificate is for these names: an authority and a server at once, as
    /// `openssl req -x509` makes it.
    pub fn for_itself(names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        Self::of(CertificateParams::new(names).expect("the names are fine"))
    }

    /// As [`Authority::for_itself`], of a time that is over.
    pub fn expired(names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut parameters = CertificateParams::new(names).expect("the names are fine");
        parameters.not_before = date_time_ymd(2001, 1, 1);
        parameters.not_after = date_time_ymd(2002, 1, 1);
        Self::of(parameters)
    }

    fn of(mut parameters: CertificateParams) -> Self {
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key can be drawn");
        Self(CertifiedIssuer::self_signed(parameters, key).expect("an authority signs itself"))
    }

    /// Returns its certificate as PEM, for clients to trust.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// Returns a certificate for `localhost`, 127.0.0.1, `::1` and these names, and its key: for
    /// servers of others.
    pub fn pair(&self, names: &[&str]) -> (Certificate, KeyPair) {
        let names = ["localhost", "127.0.0.1", "::1"].iter().chain(names);
        let names: Vec<String> = names.map(|&name| name.to_owned()).collect();
        let key = KeyPair::generate().expect("a key can be drawn");
        let parameters = CertificateParams::new(names).expect("the names are fine");
        let certificate = parameters
            .signed_by(&key, &self.0)
            .expect("the authority signs");
        (certificate, key)
    }

    /// Returns what a server for loopback needs, for HTTP/1.1.
    pub fn server(&self) -> Arc<ServerConfig> {
        self.server_of(&[])
    }

    /// Returns what a server for these names needs, besides.
    pub fn server_of(&self, names: &[&str]) -> Arc<ServerConfig> {
        let (chain, key) = self.shown(names);
        let configuration = builder().with_no_client_auth().with_single_cert(chain, key);
        Arc::new(configuration.expect("the certificate is the key's"))
    }

    /// As [`Authority::server`], for HTTP/2.
    pub fn h2_server(&self) -> Arc<ServerConfig> {
        let mut configuration = ServerConfig::clone(&self.server());
        configuration.alpn_protocols = vec![b"h2".to_vec()];
        Arc::new(configuration)
    }

    /// As [`Authority::server`], letting in who shows a certificate that this authority has signed.
    pub fn server_for_clients(&self) -> Arc<ServerConfig> {
        let mut roots = RootCertStore::empty();
        roots
            .add(self.own())
            .expect("an authority's certificate is one");
        let provider = Arc::new(ring::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .expect("there is an authority");
        let (chain, key) = self.shown(&[]);
        let configuration = builder()
            .with_client_cert_verifier(verifier)
            .with_single_cert(chain, key);
        Arc::new(configuration.expect("the certificate is the key's"))
    }

    /// Returns what a server needs that shows the authority's own certificate.
    pub fn itself(&self) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::try_from(self.0.key().serialize_der());
        let configuration = builder()
            .with_no_client_auth()
            .with_single_cert(vec![self.own()], key.expect("a drawn key is well formed"));
        Arc::new(configuration.expect("the certificate is the key's"))
    }

    fn own(&self) -> CertificateDer<'static> {
        let certificate: &Certificate = self.0.as_ref();
        certificate.der().clone()
    }

    fn shown(&self, names: &[&str]) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let (certificate, key) = self.pair(names);
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a drawn key is well formed");
        (vec![certificate.der().clone()], key)
    }
}

fn builder() -> ConfigBuilder<ServerConfig, WantsVerifier> {
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS")
}
