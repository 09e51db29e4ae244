//! What a path asks for.

/// What a path asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Route {
    /// `/v2/`
    Base,
    Manifest {
        repository: String,
        reference: String,
    },
    Blob {
        repository: String,
        digest: String,
    },
    /// `…/blobs/uploads/`
    Uploads {
        repository: String,
    },
    Upload {
        repository: String,
        session: String,
    },
    Tags {
        repository: String,
    },
    Referrers {
        repository: String,
        digest: String,
    },
    Unknown,
}

impl Route {
    pub(super) fn of(path: &str) -> Self {
        let Some(rest) = path.strip_prefix("/v2/") else {
            return if path == "/v2" {
                Self::Base
            } else {
                Self::Unknown
            };
        };
        if rest.is_empty() {
            return Self::Base;
        }
        if let Some(repository) = rest.strip_suffix("/tags/list") {
            let repository = repository.to_owned();
            return Self::Tags { repository };
        }
        if let Some((repository, session)) = rest.rsplit_once("/blobs/uploads/") {
            let repository = repository.to_owned();
            return match session {
                "" => Self::Uploads { repository },
                session => Self::Upload {
                    repository,
                    session: session.to_owned(),
                },
            };
        }
        if let Some(repository) = rest.strip_suffix("/blobs/uploads") {
            let repository = repository.to_owned();
            return Self::Uploads { repository };
        }
        let Some((parent, name)) = rest.rsplit_once('/') else {
            return Self::Unknown;
        };
        // a client may write `:` as it likes
        let name = name.replace("%3A", ":").replace("%3a", ":");
        let Some((repository, kind)) = parent.rsplit_once('/') else {
            return Self::Unknown;
        };
        let repository = repository.to_owned();
        match kind {
            "manifests" => Self::Manifest {
                repository,
                reference: name,
            },
            "blobs" => Self::Blob {
                repository,
                digest: name,
            },
            "referrers" => Self::Referrers {
                repository,
                digest: name,
            },
            _ => Self::Unknown,
        }
    }

    pub(super) fn repository(&self) -> Option<&str> {
        match self {
            Self::Base | Self::Unknown => None,
            Self::Manifest { repository, .. }
            | Self::Blob { repository, .. }
            | Self::Uploads { repository }
            | Self::Upload { repository, .. }
            | Self::Tags { repository }
            | Self::Referrers { repository, .. } => Some(repository),
        }
    }
}
