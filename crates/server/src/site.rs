//! Serves the built app: static files with compression, caching and security headers.

use std::path::Path;

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use tower_http::services::ServeDir;

use crate::security_headers;

const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// Returns a router for the files below `dir`.
///
/// A missing file is 404, never the start page: the app routes by fragment, so no path but that of a file is
/// ever right.
pub fn site(dir: &Path) -> Router {
    // The build leaves `file.br` and `file.gz` beside each file, so that no request waits for compression.
    let files = ServeDir::new(dir)
        .precompressed_br()
        .precompressed_gzip()
        .redirect_to_trailing_slash(false);
    Router::new()
        .fallback_service(files)
        .layer(middleware::from_fn(finish))
}

async fn finish(request: Request, next: Next) -> Response {
    let hashed = is_hashed(request.uri().path());
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let repaired_link = repaired_link(request.uri()).filter(|_| is_read);
    let mut response = match repaired_link {
        Some(address) => (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response(),
        None => next.run(request).await,
    };
    let found = response.status().is_success() || response.status().is_redirection();
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        if hashed && found {
            IMMUTABLE
        } else {
            REVALIDATE
        },
    );
    security_headers::apply(headers);
    response
}

/// Repairs a link whose `#` was percent-encoded on the way, as by some mail programs.
///
/// Returns the target of the redirect, relative to the request. The fragment keeps its encoding, which the
/// app undoes. `None` when the path has no encoded `#`.
fn repaired_link(uri: &Uri) -> Option<String> {
    let path = uri.path();
    let (at, mark) = ["/%23", "/%2523", "/%252523"]
        .into_iter()
        .filter_map(|mark| Some((path.find(mark)?, mark)))
        .min()?;
    let (behind, fragment) = (&path[at + 1..], &path[at + mark.len()..]);
    let up = "../".repeat(behind.matches('/').count());
    let query = uri.query().map(|query| format!("?{query}"));
    Some(format!("./{up}#{fragment}{}", query.unwrap_or_default()))
}

/// Returns whether the name of the file has a hash of its content, as in `main-1f0c2b9a8d7e6f50.css` or
/// `app-1f0c2b9a8d7e6f50_bg.wasm`. The build drops leading zeros, so a hash may be a little shorter.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        (12..=16).contains(&hash.len())
            && hash
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

#[cfg(test)]
mod tests {
    use super::{is_hashed, repaired_link};

    #[test]
    fn a_link_with_an_encoded_hash_leads_to_the_page_beside_it() {
        let cases = [
            ("/%23/s/wQ-x", Some("./../../#/s/wQ-x")),
            ("/%2523/s/wQ%252Dx", Some("./../../#/s/wQ%252Dx")),
            ("/%23%2Fs%2FwQ", Some("./#%2Fs%2FwQ")),
            (
                "/folder/%23/join?at=https://example.org/x&token=t",
                Some("./../#/join?at=https://example.org/x&token=t"),
            ),
            ("/", None),
            ("/index.html", None),
            ("/a%23b", None),
        ];
        for (uri, expected) in cases {
            assert_eq!(
                repaired_link(&uri.parse().unwrap()).as_deref(),
                expected,
                "{uri}"
            );
        }
    }

    #[test]
    fn only_a_name_with_a_hash_of_the_content_is_kept_for_ever() {
        let cases = [
            ("/cruxboard-app-8f14e45fceea167a.js", true),
            ("/cruxboard-app-8f14e45fceea167a_bg.wasm", true),
            ("/folder/cruxboard-f14e45fceea167a.css", true),
            ("/", false),
            ("/index.html", false),
            ("/favicon.svg", false),
            ("/boot-loader.js", false),
            ("/decade-facade.js", false),
            ("/8f14e45fceea167a/boot.js", false),
        ];
        for (path, expected) in cases {
            assert_eq!(is_hashed(path), expected, "{path}");
        }
    }
}
