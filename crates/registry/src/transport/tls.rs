//! Whom we take for who they say they are, and what we show to those who ask.

use std::sync::{Arc, OnceLock};

use rustls::ClientConfig;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;

use super::settings::{Settings, SettingsError};

/// Returns how TLS is spoken: the system's authorities and those given are trusted.
pub(super) fn configuration(settings: &Settings) -> Result<ClientConfig, SettingsError> {
    let provider = provider();
    let given = given(&settings.certificates)?;
    let verifier = Given {
        usual: OnceLock::new(),
        certificates: given,
        provider: Arc::clone(&provider),
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| SettingsError::Tls(error.into()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut configuration = match &settings.identity {
        Some(pem) => {
            let (chain, key) = identity(pem)?;
            let shown = builder.with_client_auth_cert(chain, key);
            shown.map_err(|error| SettingsError::Identity(error.into()))?
        }
        None => builder.with_no_client_auth(),
    };
    configuration.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(configuration)
}

/// Returns the implementation that was chosen for the process.
fn provider() -> Arc<CryptoProvider> {
    let chosen = CryptoProvider::get_default().map(Arc::clone);
    chosen.unwrap_or_else(|| Arc::new(rustls::crypto::ring::default_provider()))
}

fn given(files: &[Vec<u8>]) -> Result<Vec<CertificateDer<'static>>, SettingsError> {
    let mut all = Vec::new();
    for (place, pem) in files.iter().enumerate() {
        let before = all.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate
                .map_err(|error| SettingsError::Certificate(place + 1, Some(error.into())))?;
            // one that cannot be read is named here, where it is known which file it came from
            RootCertStore::empty()
                .add(certificate.clone())
                .map_err(|error| SettingsError::Certificate(place + 1, Some(error.into())))?;
            all.push(certificate);
        }
        if all.len() == before {
            return Err(SettingsError::Certificate(place + 1, None));
        }
    }
    Ok(all)
}

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn identity(pem: &[u8]) -> Result<Identity, SettingsError> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let chain = chain.map_err(|error| SettingsError::Identity(error.into()))?;
    let key = PrivateKeyDer::from_pem_slice(pem);
    let key = key.map_err(|error| SettingsError::Identity(error.into()))?;
    Ok((chain, key))
}

/// Trusts what the system trusts and what was given; and of what was given, a certificate that is an
/// authority's and the server's own at once.
///
/// Private registries often have such a one: `openssl req -x509` makes it. As a rule an authority is
/// no server, but whoever names this very certificate has vouched for this very server.
#[derive(Debug)]
struct Given {
    /// What the system trusts is read when the first server shows a certificate: it takes its time,
    /// and who speaks to no server needs none of it.
    usual: OnceLock<Result<Verifier, rustls::Error>>,
    certificates: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl Given {
    fn usual(&self) -> Result<&Verifier, rustls::Error> {
        let usual = self.usual.get_or_init(|| {
            let (given, provider) = (&self.certificates, Arc::clone(&self.provider));
            if given.is_empty() {
                Verifier::new(provider)
            } else {
                Verifier::new_with_extra_roots(given.iter().cloned(), provider)
            }
        });
        // without authorities no certificate holds: that is what to say, and not to try again
        usual.as_ref().map_err(|error| {
            let why = OtherError(Arc::new(error.clone()));
            rustls::Error::InvalidCertificate(CertificateError::Other(why))
        })
    }

    /// Tells whether a server's certificate is one that was given, is for this name, and holds now.
    fn vouches(
        &self,
        own: &CertificateDer<'_>,
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<bool, rustls::Error> {
        let Some(known) = self.certificates.iter().find(|known| *known == own) else {
            return Ok(false);
        };
        let parsed = ParsedCertificate::try_from(known)?;
        let mut roots = RootCertStore::empty();
        roots.add(known.clone())?;
        let algorithms = self.provider.signature_verification_algorithms.all;
        match verify_server_cert_signed_by_trust_anchor(&parsed, &roots, &[], now, algorithms) {
            // its dates have been looked at by then
            Err(error) if is_authority(&error) => {}
            done => done?,
        }
        verify_server_name(&parsed, name)?;
        Ok(true)
    }
}

/// Tells whether the one thing amiss is that the certificate is an authority's, too.
fn is_authority(error: &rustls::Error) -> bool {
    let rustls::Error::InvalidCertificate(CertificateError::Other(other)) = error else {
        return false;
    };
    let error = other.0.downcast_ref::<webpki::Error>();
    error == Some(&webpki::Error::CaUsedAsEndEntity)
}

impl ServerCertVerifier for Given {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let usual = self.usual()?.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match usual {
            Ok(verified) => Ok(verified),
            Err(_) if self.vouches(end_entity, server_name, now)? => {
                Ok(ServerCertVerified::assertion())
            }
            Err(error) => Err(error),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = &self.provider.signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}
