//! What GitHub shows of what it knows, as JSON.

use serde_json::{Map, Value, json};

use super::instant::date;
use super::state::{Asset, Commit, Habits, Release, Repository, Tag};

/// Where links lead.
#[derive(Clone, Debug)]
pub(super) struct Links {
    /// The base of the API, without a slash at the end.
    pub(super) api: String,
    /// The base of uploads.
    pub(super) uploads: String,
    /// What people open.
    pub(super) web: String,
}

/// The links of a repository that are its own link and a word.
const BELOW_REPOSITORY: &[(&str, &str)] = &[
    ("archive_url", "/{archive_format}{/ref}"),
    ("assignees_url", "/assignees{/user}"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("branches_url", "/branches{/branch}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("comments_url", "/comments{/number}"),
    ("commits_url", "/commits{/sha}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("contents_url", "/contents/{+path}"),
    ("contributors_url", "/contributors"),
    ("deployments_url", "/deployments"),
    ("downloads_url", "/downloads"),
    ("events_url", "/events"),
    ("forks_url", "/forks"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("hooks_url", "/hooks"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("issue_events_url", "/issues/events{/number}"),
    ("issues_url", "/issues{/number}"),
    ("keys_url", "/keys{/key_id}"),
    ("labels_url", "/labels{/name}"),
    ("languages_url", "/languages"),
    ("merges_url", "/merges"),
    ("milestones_url", "/milestones{/number}"),
    (
        "notifications_url",
        "/notifications{?since,all,participating}",
    ),
    ("pulls_url", "/pulls{/number}"),
    ("releases_url", "/releases{/id}"),
    ("stargazers_url", "/stargazers"),
    ("statuses_url", "/statuses/{sha}"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("tags_url", "/tags"),
    ("teams_url", "/teams"),
    ("trees_url", "/git/trees{/sha}"),
];

/// The links of a person that are their own link and a word.
const BELOW_PERSON: &[(&str, &str)] = &[
    ("followers_url", "/followers"),
    ("following_url", "/following{/other_user}"),
    ("gists_url", "/gists{/gist_id}"),
    ("starred_url", "/starred{/owner}{/repo}"),
    ("subscriptions_url", "/subscriptions"),
    ("organizations_url", "/orgs"),
    ("repos_url", "/repos"),
    ("events_url", "/events{/privacy}"),
    ("received_events_url", "/received_events"),
];

impl Links {
    /// Returns where bytes are stored: on the server of uploads, outside its API.
    pub(super) fn storage(&self) -> &str {
        let uploads = &self.uploads;
        uploads.strip_suffix("/api/uploads").unwrap_or(uploads)
    }

    /// Returns the link of a repository in the API.
    pub(super) fn repository(&self, repository: &Repository) -> String {
        format!("{}/repos/{}", self.api, repository.full_name())
    }

    pub(super) fn person(&self, login: &str) -> Value {
        let url = format!("{}/users/{login}", self.api);
        let mut person = json!({
            "login": login,
            "id": 1_000,
            "node_id": "MDA6RW50aXR5MQ==",
            "avatar_url": format!("{}/avatars/{login}", self.web),
            "gravatar_id": "",
            "url": url,
            "html_url": format!("{}/{login}", self.web),
            "type": "User",
            "site_admin": false,
        });
        extend(&mut person, &url, BELOW_PERSON);
        person
    }

    pub(super) fn show_repository(&self, repository: &Repository, rights: Permissions) -> Value {
        let url = self.repository(repository);
        let html = format!("{}/{}", self.web, repository.full_name());
        let bare = html.split_once("://").map_or("", |(_, rest)| rest);
        let mut view = json!({
            "id": repository.id,
            "node_id": "MDA6RW50aXR5MQ==",
            "name": repository.name,
            "full_name": repository.full_name(),
            "private": false,
            "owner": self.person(&repository.owner),
            "html_url": html,
            "description": null,
            "fork": false,
            "url": url,
            "clone_url": format!("{html}.git"),
            "git_url": format!("git://{bare}.git"),
            "ssh_url": format!("git@github.com:{}.git", repository.full_name()),
            "svn_url": html,
            "mirror_url": null,
            "homepage": null,
            "language": null,
            "license": null,
            "default_branch": repository.default_branch,
            "archived": repository.archived,
            "disabled": false,
            "permissions": rights.view(),
            "created_at": date(0),
            "pushed_at": date(0),
            "updated_at": date(0),
        });
        for name in ["issues", "projects", "wiki", "pages", "discussions"] {
            view[format!("has_{name}")] = json!(name == "discussions");
        }
        for name in [
            "forks",
            "forks_count",
            "open_issues",
            "open_issues_count",
            "size",
            "stargazers_count",
            "watchers",
            "watchers_count",
            "network_count",
            "subscribers_count",
        ] {
            view[name] = json!(0);
        }
        extend(&mut view, &url, BELOW_REPOSITORY);
        view
    }

    pub(super) fn show_release(
        &self,
        repository: &Repository,
        release: &Release,
        habits: Habits,
    ) -> Value {
        let url = format!("{}/releases/{}", self.repository(repository), release.id);
        let full_name = repository.full_name();
        let (web, uploads, id) = (&self.web, &self.uploads, release.id);
        let place = place(release);
        let archive = |kind: &str| {
            let archive = format!("{}/{kind}/{}", self.repository(repository), release.tag);
            (!release.draft).then_some(archive)
        };
        let assets: Vec<Value> = release
            .assets
            .iter()
            .filter(|asset| asset.uploaded)
            .map(|asset| self.show_asset(repository, release, asset, habits))
            .collect();
        json!({
            "url": url,
            "assets_url": format!("{url}/assets"),
            "upload_url": format!("{uploads}/repos/{full_name}/releases/{id}/assets{{?name,label}}"),
            "html_url": format!("{web}/{full_name}/releases/tag/{place}"),
            "id": id,
            "author": self.person("releaser"),
            "node_id": "MDA6RW50aXR5MQ==",
            "tag_name": release.tag,
            "target_commitish": release.target,
            "name": release.name,
            "draft": release.draft,
            "immutable": release.immutable,
            "prerelease": release.prerelease,
            "created_at": date(release.created),
            "updated_at": date(release.updated),
            "published_at": release.published.map(date),
            "assets": assets,
            "tarball_url": archive("tarball"),
            "zipball_url": archive("zipball"),
            "body": release.body,
        })
    }

    pub(super) fn show_asset(
        &self,
        repository: &Repository,
        release: &Release,
        asset: &Asset,
        habits: Habits,
    ) -> Value {
        let shows_digest = asset.uploaded && !habits.no_digests;
        let (web, full_name, place) = (&self.web, repository.full_name(), place(release));
        json!({
            "url": format!("{}/releases/assets/{}", self.repository(repository), asset.id),
            "id": asset.id,
            "node_id": "MDA6RW50aXR5MQ==",
            "name": asset.name,
            "label": asset.label,
            "uploader": self.person("releaser"),
            "content_type": asset.content_type,
            "state": if asset.uploaded { "uploaded" } else { "starter" },
            "size": asset.size,
            "digest": shows_digest.then(|| format!("sha256:{}", asset.sha256)),
            "download_count": 0,
            "created_at": date(asset.created),
            "updated_at": date(asset.updated),
            "browser_download_url":
                format!("{web}/{full_name}/releases/download/{place}/{}", asset.name),
        })
    }

    pub(super) fn show_reference(&self, repository: &Repository, name: &str, tag: &Tag) -> Value {
        let url = self.repository(repository);
        let (kind, sha) = match &tag.annotation {
            Some((sha, _)) => ("tag", sha),
            None => ("commit", &tag.commit),
        };
        json!({
            "ref": format!("refs/tags/{name}"),
            "node_id": "MDA6RW50aXR5MQ==",
            "url": format!("{url}/git/refs/tags/{name}"),
            "object": {"type": kind, "sha": sha, "url": format!("{url}/git/{kind}s/{sha}")},
        })
    }

    pub(super) fn show_tag(&self, repository: &Repository, name: &str, tag: &Tag) -> Option<Value> {
        let url = self.repository(repository);
        let (sha, message) = tag.annotation.as_ref()?;
        let commit = &tag.commit;
        Some(json!({
            "node_id": "MDA6RW50aXR5MQ==",
            "tag": name,
            "sha": sha,
            "url": format!("{url}/git/tags/{sha}"),
            "message": message,
            "tagger": {"date": date(0), "email": "ada@example.com", "name": "Ada Author"},
            "object": {
                "sha": commit, "type": "commit", "url": format!("{url}/git/commits/{commit}"),
            },
        }))
    }

    pub(super) fn show_commit(&self, repository: &Repository, commit: &Commit) -> Value {
        let url = self.repository(repository);
        let Commit { sha, message, .. } = commit;
        let person = json!({
            "name": "Ada Author", "email": "ada@example.com", "date": date(commit.instant),
        });
        json!({
            "url": format!("{url}/commits/{sha}"),
            "sha": sha,
            "node_id": "MDA6RW50aXR5MQ==",
            "html_url": format!("{}/{}/commit/{sha}", self.web, repository.full_name()),
            "comments_url": format!("{url}/commits/{sha}/comments"),
            "commit": {
                "url": format!("{url}/git/commits/{sha}"),
                "author": person,
                "committer": person,
                "message": message,
                "comment_count": 0,
                "tree": {"sha": sha, "url": format!("{url}/git/trees/{sha}")},
            },
            "author": null,
            "committer": null,
            "parents": [],
            "stats": {"additions": 0, "deletions": 0, "total": 0},
            "files": [],
        })
    }
}

/// What a token may do with a repository.
#[derive(Clone, Copy)]
pub(super) struct Permissions {
    pub(super) push: bool,
    pub(super) admin: bool,
}

impl Permissions {
    fn view(self) -> Value {
        let Self { push, admin } = self;
        json!({"admin": admin, "maintain": admin, "push": push, "triage": push, "pull": true})
    }
}

/// Returns what stands for the tag in links: drafts have none yet.
fn place(release: &Release) -> String {
    if release.draft {
        format!(
            "untagged-{:020x}",
            release.id.wrapping_mul(0x9E37_79B9_7F4A_7C15)
        )
    } else {
        release.tag.clone()
    }
}

fn extend(view: &mut Value, url: &str, below: &[(&str, &str)]) {
    let Some(view) = view.as_object_mut() else {
        return;
    };
    let links: Map<String, Value> = below
        .iter()
        .map(|(name, end)| ((*name).to_owned(), json!(format!("{url}{end}"))))
        .collect();
    view.extend(links);
}
