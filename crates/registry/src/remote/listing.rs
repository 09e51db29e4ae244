//! Lists that come in pages.

use std::collections::BTreeSet;

use http::Method;
use http::header::LINK;
use serde::Deserialize;
use url::Url;

use super::{Errand, Remote};
use crate::error::{Error, Kind, Operation};
use crate::transport::Answer;

/// How many pages of one list are read: a registry without an end is no registry.
const MOST_PAGES: usize = 10_000;

/// How much of one page is read.
const LARGEST_PAGE: usize = 16 << 20;

#[derive(Deserialize)]
struct Page {
    tags: Option<Vec<String>>,
}

impl Remote {
    /// Returns all tags, in the registry's order.
    pub async fn tags(&self) -> Result<Vec<String>, Error> {
        let errand = Errand::new(Operation::ListTags, self.place());
        let mut tags = Vec::new();
        let mut known = BTreeSet::new();
        // more than a thousand is more than ECR takes
        let mut next = Some(self.url("tags/list?n=1000", &errand)?);
        let mut pages = Pages::default();
        while let Some(url) = next {
            let answer = self.send(self.call_to(Method::GET, url), &errand).await?;
            if !answer.status.is_success() {
                return Err(errand.unexpected(&answer));
            }
            next = pages.after(&answer, &errand)?;
            let body = answer.read(LARGEST_PAGE).await;
            let body = body.map_err(|failure| errand.failed(failure))?;
            let page: Page = serde_json::from_slice(&body)
                .map_err(|_| errand.error(Kind::Protocol, "the answer is no list of tags"))?;
            let new = page.tags.unwrap_or_default().into_iter();
            tags.extend(new.filter(|tag| known.insert(tag.clone())));
        }
        Ok(tags)
    }
}

/// Goes from page to page, and never to one twice.
#[derive(Default)]
pub(super) struct Pages {
    seen: BTreeSet<String>,
}

impl Pages {
    /// Returns where the next page is; on the same registry, or we do not go.
    pub(super) fn after(&mut self, answer: &Answer, errand: &Errand) -> Result<Option<Url>, Error> {
        let links = answer.headers.get_all(LINK).iter();
        let mut links = links.filter_map(|value| value.to_str().ok());
        let Some(target) = links.find_map(next) else {
            return Ok(None);
        };
        let wrong = |why: &str| Err(errand.error(Kind::Protocol, why));
        let Ok(url) = answer.url.join(target) else {
            return wrong("the link to the next page is no URL");
        };
        if url.origin() != answer.url.origin() {
            return wrong("the link to the next page leads to another host");
        }
        if !self.seen.insert(url.to_string()) || self.seen.len() > MOST_PAGES {
            return wrong("the list has no end");
        }
        Ok(Some(url))
    }
}

/// Returns the target of a `Link` header's `rel="next"`.
fn next(header: &str) -> Option<&str> {
    let mut rest = header;
    while let Some((_, from)) = rest.split_once('<') {
        let (target, after) = from.split_once('>')?;
        let parameters = after.split('<').next().unwrap_or_default();
        let is_next = parameters.split(';').any(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or_default();
            let value = value.trim().trim_end_matches(',').trim().trim_matches('"');
            name.trim().eq_ignore_ascii_case("rel")
                && value
                    .split_whitespace()
                    .any(|word| word.eq_ignore_ascii_case("next"))
        });
        if is_next {
            return Some(target);
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_next_page_is_found_as_registries_write_it() {
        for (header, target) in [
            (
                r#"</v2/a/tags/list?last=b&n=2>; rel="next""#,
                Some("/v2/a/tags/list?last=b&n=2"),
            ),
            ("<x>;rel=next", Some("x")),
            (r#"<a>; rel="prev", <b>; title="<"; rel="last next""#, None),
            (r#"<a>; rel="prev", <b>; rel="next""#, Some("b")),
            ("<a>; REL=Next", Some("a")),
            ("<a>", None),
            ("a; rel=next", None),
            ("<a; rel=next", None),
            ("", None),
        ] {
            assert_eq!(super::next(header), target, "{header}");
        }
    }
}
