//! One principal in one region: what the SDK is asked through.

use std::fmt;

use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_sdk_ecr::primitives::DateTime;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};

use crate::authorization::Authorization;
use crate::error::{Action, EcrError};
use crate::host::Host;

/// What is chosen by hand; everything else is found by the SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The profile of the AWS configuration files.
    pub profile: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// Certificates to trust besides the system's, as PEM.
    pub authorities: Vec<Vec<u8>>,
}

/// A principal in a region. Nothing is asked of AWS before the first call.
#[derive(Clone)]
pub struct Account {
    pub(crate) ecr: aws_sdk_ecr::Client,
    public: aws_sdk_ecrpublic::Client,
    region: Option<String>,
}

impl Account {
    /// Finds out who asks, and in which region: environment, profile, container, instance.
    ///
    /// # Errors
    ///
    /// When the certificates to trust are none.
    pub async fn open(settings: &Settings) -> Result<Self, EcrError> {
        Ok(Self::of(&loader(settings)?.load().await))
    }

    /// As [`Account::open`], in the region that `host` belongs to.
    ///
    /// # Errors
    ///
    /// When the certificates to trust are none.
    pub async fn open_for(host: &Host, settings: &Settings) -> Result<Self, EcrError> {
        let settings = Settings {
            region: Some(host.region().to_owned()),
            ..settings.clone()
        };
        Self::open(&settings).await
    }

    pub(crate) fn of(config: &SdkConfig) -> Self {
        Self {
            ecr: aws_sdk_ecr::Client::new(config),
            public: aws_sdk_ecrpublic::Client::new(config),
            region: config.region().map(|region| region.as_ref().to_owned()),
        }
    }

    /// Returns the region, where one is known.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Asks for what opens the account's registry; the answer names the registry, too.
    ///
    /// # Errors
    ///
    /// When there is no region or there are no credentials, or AWS refuses.
    pub async fn authorize(&self) -> Result<Authorization, EcrError> {
        if self.region.is_none() {
            return Err(EcrError::Region);
        }
        let action = Action::GetAuthorizationToken;
        let answer = self.ecr.get_authorization_token().send().await;
        let answer = answer.map_err(|error| EcrError::of(action, &error))?;
        let data = answer
            .authorization_data()
            .first()
            .ok_or(EcrError::Answer {
                action,
                what: "authorization",
            })?;
        Authorization::read(
            data.authorization_token(),
            data.proxy_endpoint(),
            data.expires_at().map(DateTime::secs),
        )
    }

    /// Asks for what opens ECR Public.
    ///
    /// # Errors
    ///
    /// When there are no credentials, or AWS refuses.
    pub async fn authorize_public(&self) -> Result<Authorization, EcrError> {
        let action = Action::GetAuthorizationToken;
        let answer = self.public.get_authorization_token().send().await;
        let answer = answer.map_err(|error| EcrError::of(action, &error))?;
        let data = answer.authorization_data().ok_or(EcrError::Answer {
            action,
            what: "authorization",
        })?;
        Authorization::read(
            data.authorization_token(),
            None,
            data.expires_at().map(DateTime::secs),
        )
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Account")
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

pub(crate) fn loader(settings: &Settings) -> Result<ConfigLoader, EcrError> {
    let mut roots = TrustStore::default();
    for pem in &settings.authorities {
        roots = roots.with_pem_certificate(pem.clone());
    }
    let context = TlsContext::builder().with_trust_store(roots).build();
    let context = context.map_err(|error| EcrError::Certificates {
        cause: error.to_string(),
    })?;
    // the plain `build_https` knows no proxies
    let client = Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(context.clone())
            .proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector.build()
    });
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(client);
    if let Some(profile) = &settings.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = &settings.region {
        loader = loader.region(Region::new(region.clone()));
    }
    Ok(loader)
}
