//! What a CI service says it builds: branch, pull request, tag.
//!
//! CI checks out a commit, not a branch, so that git alone has no answer. Each service tells it in
//! variables of its own, whose traps are known here and nowhere else: references of merges that are
//! no branch, tags where a branch is expected, the target of a pull request instead of its source,
//! and variables that are set but empty. All is data: one `Service` per service, one reader.

use std::fmt;

use Form::{After, Bare, Branch, Numbered, Pinned, Remote, Tag};
use Sign::{Is, Set, Starts};

/// What a service says about the build that is running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// The service, as it calls itself.
    pub service: &'static str,
    /// The branch: of a pull request the one it comes from, of a tag build none. Never empty, and
    /// never a reference such as `refs/pull/12/merge`.
    pub branch: Option<Named>,
    /// Whether a pull request (or merge request) is built.
    pub pull_request: bool,
    /// The branch that the pull request is to be merged into.
    pub target_branch: Option<Named>,
    /// The tag, if the build is of a tag.
    pub tag: Option<Named>,
    /// The commit; of a pull request it may be a merge that no branch contains.
    pub commit: Option<Named>,
}

/// A value and the variable it was read from.
///
/// Displays as `` `feature/x` (GITHUB_HEAD_REF) ``.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The value, never empty.
    pub value: String,
    /// The variable.
    pub variable: &'static str,
}

impl fmt::Display for Named {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` ({})", self.value, self.variable)
    }
}

/// Returns what the CI service that the environment belongs to says it builds; nothing outside CI
/// and in a service that is not known here.
///
/// `variable` answers with the text of an environment variable. One that is set but empty counts as
/// unset.
pub fn detect(variable: impl Fn(&str) -> Option<String>) -> Option<Build> {
    let environment = Environment(&variable);
    SERVICES
        .iter()
        .find(|service| environment.shows(service.detect))
        .map(|service| service.build(&environment))
}

/// Tells whether the environment is that of a CI service, known here or not.
pub fn is_ci(variable: impl Fn(&str) -> Option<String>) -> bool {
    let environment = Environment(&variable);
    let says_so = environment
        .value("CI")
        .is_some_and(|value| value != "false" && value != "0");
    says_so
        || SERVICES
            .iter()
            .any(|service| environment.shows(service.detect))
}

/// How one service tells what it builds. Of several places the first that has an answer counts.
#[derive(Clone, Copy)]
struct Service {
    name: &'static str,
    /// Any of these: the build runs there.
    detect: &'static [Sign],
    /// Any of these: it builds a pull request.
    pull_request: &'static [Sign],
    /// The branch a pull request comes from.
    source: &'static [Place],
    /// The branch it goes to.
    target: &'static [Place],
    /// The branch of any other build.
    branch: &'static [Place],
    tag: &'static [Place],
    commit: &'static [Place],
}

/// A variable and what its text has to look like.
type Place = (&'static str, Form);

/// What a text in a variable means.
#[derive(Clone, Copy)]
enum Form {
    /// The value itself.
    Bare,
    /// A branch, short (`main`) or long (`refs/heads/main`); other references are no branch.
    Branch,
    /// Like `Branch`, where a pull request's number may stand instead: `pull/12`, `12/merge`,
    /// `PR-12`.
    Numbered,
    /// Like `Numbered`, behind the name of the remote: `origin/main`.
    Remote,
    /// A branch in its long form alone, perhaps with a commit: `refs/heads/main^{6dcb09b}`.
    Pinned,
    /// A tag in its long form alone: `refs/tags/1.0.0`.
    Tag,
    /// What follows this beginning.
    After(&'static str),
}

/// A condition on the environment.
#[derive(Clone, Copy)]
enum Sign {
    /// The variable is set, and not to `false`.
    Set(&'static str),
    /// The variable has this value.
    Is(&'static str, &'static str),
    /// The variable's value starts so.
    Starts(&'static str, &'static str),
}

const GITHUB: Service = Service {
    name: "GitHub Actions",
    detect: &[Set("GITHUB_ACTIONS")],
    // set, but empty, where no pull request is built
    pull_request: &[Set("GITHUB_HEAD_REF"), Starts("GITHUB_REF", "refs/pull/")],
    source: &[("GITHUB_HEAD_REF", Branch)],
    target: &[("GITHUB_BASE_REF", Branch)],
    branch: &[("GITHUB_REF", Pinned), ("GITHUB_REF_NAME", Numbered)],
    tag: &[("GITHUB_REF", Tag)],
    commit: &[("GITHUB_SHA", Bare)],
};

/// The services, in the order they are looked for: one that also sets the variables of another
/// stands before it.
const SERVICES: &[Service] = &[
    Service {
        name: "Forgejo Actions",
        detect: &[Set("FORGEJO_ACTIONS")],
        ..GITHUB
    },
    Service {
        name: "Gitea Actions",
        detect: &[Set("GITEA_ACTIONS")],
        ..GITHUB
    },
    GITHUB,
    Service {
        name: "GitLab CI/CD",
        detect: &[Set("GITLAB_CI")],
        pull_request: &[
            Set("CI_MERGE_REQUEST_IID"),
            Set("CI_MERGE_REQUEST_ID"),
            Set("CI_EXTERNAL_PULL_REQUEST_IID"),
        ],
        source: &[
            ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", Branch),
            ("CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME", Branch),
        ],
        target: &[
            ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", Branch),
            ("CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME", Branch),
        ],
        // the second is the tag's name in a tag build, which has no branch to ask for
        branch: &[("CI_COMMIT_BRANCH", Branch), ("CI_COMMIT_REF_NAME", Branch)],
        tag: &[("CI_COMMIT_TAG", Bare)],
        commit: &[("CI_COMMIT_SHA", Bare)],
    },
    Service {
        name: "Azure Pipelines",
        detect: &[Set("TF_BUILD")],
        pull_request: &[
            Set("SYSTEM_PULLREQUEST_PULLREQUESTID"),
            Starts("BUILD_SOURCEBRANCH", "refs/pull/"),
        ],
        // documented as long, and short where the repository is at GitHub
        source: &[("SYSTEM_PULLREQUEST_SOURCEBRANCH", Branch)],
        target: &[("SYSTEM_PULLREQUEST_TARGETBRANCH", Branch)],
        // not BUILD_SOURCEBRANCHNAME, which is `x` of `feature/x`
        branch: &[("BUILD_SOURCEBRANCH", Branch)],
        tag: &[("BUILD_SOURCEBRANCH", Tag)],
        commit: &[("BUILD_SOURCEVERSION", Bare)],
    },
    Service {
        name: "Buildkite",
        detect: &[Set("BUILDKITE")],
        pull_request: &[Set("BUILDKITE_PULL_REQUEST")],
        source: &[("BUILDKITE_BRANCH", Branch)],
        target: &[("BUILDKITE_PULL_REQUEST_BASE_BRANCH", Branch)],
        branch: &[("BUILDKITE_BRANCH", Branch)],
        tag: &[("BUILDKITE_TAG", Bare)],
        // `HEAD` until the commit is known
        commit: &[("BUILDKITE_COMMIT", Bare)],
    },
    Service {
        name: "CircleCI",
        detect: &[Set("CIRCLECI")],
        pull_request: &[
            Set("CIRCLE_PR_NUMBER"),
            Set("CIRCLE_PULL_REQUEST"),
            Starts("CIRCLE_BRANCH", "pull/"),
        ],
        // `pull/12` where the pull request comes from a fork
        source: &[("CIRCLE_BRANCH", Numbered)],
        target: &[],
        branch: &[("CIRCLE_BRANCH", Branch)],
        tag: &[("CIRCLE_TAG", Bare)],
        commit: &[("CIRCLE_SHA1", Bare)],
    },
    Service {
        name: "Travis CI",
        detect: &[Set("TRAVIS")],
        pull_request: &[Set("TRAVIS_PULL_REQUEST")],
        source: &[("TRAVIS_PULL_REQUEST_BRANCH", Branch)],
        target: &[("TRAVIS_BRANCH", Branch)],
        branch: &[("TRAVIS_BRANCH", Branch)],
        tag: &[("TRAVIS_TAG", Bare)],
        commit: &[("TRAVIS_COMMIT", Bare)],
    },
    Service {
        name: "Bitbucket Pipelines",
        detect: &[Set("BITBUCKET_BUILD_NUMBER")],
        pull_request: &[Set("BITBUCKET_PR_ID")],
        source: &[("BITBUCKET_BRANCH", Branch)],
        target: &[("BITBUCKET_PR_DESTINATION_BRANCH", Branch)],
        branch: &[("BITBUCKET_BRANCH", Branch)],
        tag: &[("BITBUCKET_TAG", Bare)],
        commit: &[("BITBUCKET_COMMIT", Bare)],
    },
    Service {
        name: "Woodpecker CI",
        detect: &[Is("CI", "woodpecker")],
        // also `pull_request_closed`
        pull_request: &[Starts("CI_PIPELINE_EVENT", "pull_request")],
        source: &[("CI_COMMIT_SOURCE_BRANCH", Branch)],
        target: &[("CI_COMMIT_TARGET_BRANCH", Branch)],
        branch: &[("CI_COMMIT_BRANCH", Branch)],
        tag: &[("CI_COMMIT_TAG", Bare)],
        commit: &[("CI_COMMIT_SHA", Bare)],
    },
    Service {
        name: "Vela",
        detect: &[Set("VELA")],
        pull_request: &[Is("VELA_BUILD_EVENT", "pull_request")],
        source: &[("VELA_PULL_REQUEST_SOURCE", Branch)],
        target: &[("VELA_PULL_REQUEST_TARGET", Branch)],
        branch: &[("VELA_BUILD_BRANCH", Branch)],
        tag: &[("VELA_BUILD_TAG", Bare)],
        commit: &[("VELA_BUILD_COMMIT", Bare)],
    },
    Service {
        name: "Drone",
        detect: &[Set("DRONE")],
        pull_request: &[Is("DRONE_BUILD_EVENT", "pull_request")],
        source: &[("DRONE_SOURCE_BRANCH", Branch)],
        // DRONE_BRANCH is the target too
        target: &[("DRONE_TARGET_BRANCH", Branch)],
        branch: &[("DRONE_BRANCH", Branch)],
        tag: &[("DRONE_TAG", Bare)],
        commit: &[("DRONE_COMMIT_SHA", Bare)],
    },
    Service {
        name: "AppVeyor",
        detect: &[Set("APPVEYOR")],
        pull_request: &[Set("APPVEYOR_PULL_REQUEST_NUMBER")],
        source: &[("APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH", Branch)],
        target: &[("APPVEYOR_REPO_BRANCH", Branch)],
        branch: &[("APPVEYOR_REPO_BRANCH", Branch)],
        tag: &[("APPVEYOR_REPO_TAG_NAME", Bare)],
        commit: &[("APPVEYOR_REPO_COMMIT", Bare)],
    },
    Service {
        name: "TeamCity",
        detect: &[Set("TEAMCITY_VERSION")],
        pull_request: &[
            Starts("Git_Branch", "refs/pull/"),
            Starts("Git_Branch", "pull/"),
        ],
        source: &[],
        target: &[],
        // a parameter that projects define: TeamCity has no variable of its own for it
        branch: &[("Git_Branch", Numbered)],
        tag: &[("Git_Branch", Tag)],
        commit: &[("BUILD_VCS_NUMBER", Bare)],
    },
    Service {
        name: "AWS CodeBuild",
        detect: &[Set("CODEBUILD_BUILD_ARN"), Set("CODEBUILD_BUILD_ID")],
        pull_request: &[
            Starts("CODEBUILD_WEBHOOK_TRIGGER", "pr/"),
            Starts("CODEBUILD_WEBHOOK_EVENT", "PULL_REQUEST"),
            Starts("CODEBUILD_SOURCE_VERSION", "pr/"),
        ],
        source: &[("CODEBUILD_WEBHOOK_HEAD_REF", Branch)],
        target: &[("CODEBUILD_WEBHOOK_BASE_REF", Branch)],
        branch: &[
            ("CODEBUILD_WEBHOOK_HEAD_REF", Branch),
            ("CODEBUILD_WEBHOOK_TRIGGER", After("branch/")),
            // a build started by hand: it may also be a commit, or the place of an archive
            ("CODEBUILD_SOURCE_VERSION", Pinned),
        ],
        tag: &[
            ("CODEBUILD_WEBHOOK_HEAD_REF", Tag),
            ("CODEBUILD_WEBHOOK_TRIGGER", After("tag/")),
            ("CODEBUILD_SOURCE_VERSION", Tag),
        ],
        commit: &[("CODEBUILD_RESOLVED_SOURCE_VERSION", Bare)],
    },
    Service {
        name: "Semaphore",
        detect: &[Set("SEMAPHORE")],
        pull_request: &[
            Is("SEMAPHORE_GIT_REF_TYPE", "pull-request"),
            Set("SEMAPHORE_GIT_PR_NUMBER"),
        ],
        source: &[("SEMAPHORE_GIT_PR_BRANCH", Branch)],
        target: &[("SEMAPHORE_GIT_BRANCH", Branch)],
        branch: &[("SEMAPHORE_GIT_BRANCH", Branch)],
        tag: &[("SEMAPHORE_GIT_TAG_NAME", Bare)],
        commit: &[("SEMAPHORE_GIT_SHA", Bare)],
    },
    Service {
        name: "Cirrus CI",
        detect: &[Set("CIRRUS_CI")],
        pull_request: &[Set("CIRRUS_PR")],
        // `pull/12` where the pull request comes from a fork
        source: &[("CIRRUS_BRANCH", Numbered)],
        target: &[("CIRRUS_BASE_BRANCH", Branch)],
        branch: &[("CIRRUS_BRANCH", Branch)],
        tag: &[("CIRRUS_TAG", Bare)],
        commit: &[("CIRRUS_CHANGE_IN_REPO", Bare)],
    },
    Service {
        name: "Bitrise",
        detect: &[Set("BITRISE_IO")],
        pull_request: &[Set("BITRISE_PULL_REQUEST")],
        source: &[("BITRISE_GIT_BRANCH", Branch)],
        target: &[("BITRISEIO_GIT_BRANCH_DEST", Branch)],
        branch: &[("BITRISE_GIT_BRANCH", Branch)],
        tag: &[("BITRISE_GIT_TAG", Bare)],
        commit: &[("BITRISE_GIT_COMMIT", Bare)],
    },
    Service {
        name: "Codefresh",
        detect: &[Set("CF_BUILD_URL"), Set("CF_BUILD_ID")],
        pull_request: &[Set("CF_PULL_REQUEST_NUMBER")],
        source: &[("CF_BRANCH", Branch)],
        target: &[("CF_PULL_REQUEST_TARGET", Branch)],
        // also the tag's name where a tag was pushed, which cannot be told apart
        branch: &[("CF_BRANCH", Branch)],
        tag: &[("CF_RELEASE_TAG", Bare)],
        commit: &[("CF_REVISION", Bare)],
    },
    Service {
        name: "Screwdriver",
        detect: &[Set("SCREWDRIVER")],
        pull_request: &[Set("SD_PULL_REQUEST")],
        source: &[("PR_BRANCH_NAME", Remote)],
        target: &[("PR_BASE_BRANCH_NAME", Remote)],
        branch: &[("GIT_BRANCH", Remote)],
        tag: &[("SD_TAG_NAME", Bare)],
        commit: &[("SD_BUILD_SHA", Bare)],
    },
    Service {
        name: "Prow",
        detect: &[Set("PROW_JOB_ID")],
        pull_request: &[Set("PULL_NUMBER"), Is("JOB_TYPE", "batch")],
        source: &[("PULL_HEAD_REF", Branch)],
        target: &[("PULL_BASE_REF", Branch)],
        branch: &[("PULL_BASE_REF", Branch)],
        tag: &[("PULL_BASE_REF", Tag)],
        commit: &[("PULL_PULL_SHA", Bare), ("PULL_BASE_SHA", Bare)],
    },
    Service {
        name: "Jenkins",
        detect: &[Set("JENKINS_URL")],
        pull_request: &[
            Set("CHANGE_ID"),
            Set("ghprbPullId"),
            Set("gitlabMergeRequestIid"),
            Set("gitlabMergeRequestId"),
        ],
        // not BRANCH_NAME, which is `PR-12`
        source: &[
            ("CHANGE_BRANCH", Branch),
            ("ghprbSourceBranch", Branch),
            ("gitlabSourceBranch", Branch),
        ],
        target: &[
            ("CHANGE_TARGET", Branch),
            ("ghprbTargetBranch", Branch),
            ("gitlabTargetBranch", Branch),
        ],
        branch: &[
            ("BRANCH_NAME", Numbered),
            ("GIT_LOCAL_BRANCH", Numbered),
            ("GIT_BRANCH", Remote),
            ("gitlabBranch", Numbered),
        ],
        tag: &[("TAG_NAME", Bare), ("GIT_BRANCH", Tag)],
        commit: &[("ghprbActualCommit", Bare), ("GIT_COMMIT", Bare)],
    },
    Service {
        name: "Google Cloud Build",
        // every step has it; the others are there only where `automapSubstitutions` is on
        detect: &[Set("BUILDER_OUTPUT")],
        pull_request: &[Set("_PR_NUMBER"), Set("_HEAD_BRANCH")],
        source: &[("_HEAD_BRANCH", Branch)],
        target: &[("_BASE_BRANCH", Branch)],
        branch: &[("BRANCH_NAME", Branch)],
        tag: &[("TAG_NAME", Bare)],
        commit: &[("COMMIT_SHA", Bare), ("REVISION_ID", Bare)],
    },
];

impl Service {
    fn build(&self, environment: &Environment<'_>) -> Build {
        let pull_request = environment.shows(self.pull_request);
        let tag = if pull_request {
            None
        } else {
            environment.first(self.tag)
        };
        let branch = if pull_request {
            environment.first(self.source)
        } else if tag.is_some() {
            None
        } else {
            environment.first(self.branch)
        };
        let target_branch = if pull_request {
            environment.first(self.target)
        } else {
            None
        };
        Build {
            service: self.name,
            branch,
            pull_request,
            target_branch,
            tag,
            commit: environment.first(self.commit),
        }
    }
}

/// The environment of a build, in which empty variables do not exist.
struct Environment<'a>(&'a dyn Fn(&str) -> Option<String>);

impl Environment<'_> {
    fn value(&self, variable: &str) -> Option<String> {
        let value = self.0(variable)?;
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    fn shows(&self, signs: &[Sign]) -> bool {
        signs.iter().any(|sign| match *sign {
            Set(variable) => self.value(variable).is_some_and(|value| value != "false"),
            Is(variable, expected) => self.value(variable).is_some_and(|value| value == expected),
            Starts(variable, beginning) => self
                .value(variable)
                .is_some_and(|value| value.starts_with(beginning)),
        })
    }

    fn first(&self, places: &[Place]) -> Option<Named> {
        places.iter().find_map(|&(variable, form)| {
            let text = self.value(variable)?;
            let value = form.read(&text)?;
            Some(Named {
                value: value.to_owned(),
                variable,
            })
        })
    }
}

impl Form {
    /// Returns the name in `text`; nothing where the text means something else.
    fn read(self, text: &str) -> Option<&str> {
        match self {
            Bare => Some(text),
            Branch => branch(text),
            Numbered => branch(text).filter(|name| !is_numbered(name)),
            Remote => {
                let name = text.strip_prefix("refs/remotes/").unwrap_or(text);
                let name = name.strip_prefix("origin/").unwrap_or(name);
                Numbered.read(name)
            }
            Pinned => {
                let name = text.strip_prefix("refs/heads/")?;
                let end = name.find("^{").unwrap_or(name.len());
                branch(&name[..end])
            }
            Tag => text.strip_prefix("refs/tags/"),
            After(beginning) => text.strip_prefix(beginning),
        }
        .filter(|name| !name.is_empty())
    }
}

fn branch(text: &str) -> Option<&str> {
    let name = text.strip_prefix("refs/heads/").unwrap_or(text);
    // what services say where there is no branch; `<default>` is TeamCity's
    let none = name.starts_with("refs/") || ["HEAD", "detached", "<default>"].contains(&name);
    (!none).then_some(name)
}

/// Tells whether a text names a pull request by its number: `pull/12`, `pull/12/head`, `12/merge`,
/// `PR-12`, `MR-12`.
fn is_numbered(text: &str) -> bool {
    let number = text
        .trim_start_matches("pull/")
        .trim_start_matches("PR-")
        .trim_start_matches("MR-")
        .trim_end_matches("/merge")
        .trim_end_matches("/head");
    number.len() < text.len() && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
