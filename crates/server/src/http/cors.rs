//! CORS: the other origins whose pages may read responses.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer, Vary};

use super::telemetry;

/// The origins that are allowed; none by default.
///
/// There are no cookies, so an allowed page can read only what its user's token gives access to.
#[derive(Clone, Debug, Default)]
pub struct AllowedOrigins {
    every: bool,
    listed: Vec<HeaderValue>,
}

/// A text that is not an origin.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0} is not an origin; write it as https://board.example.org, without a path, or * for all origins"
)]
pub struct OriginError(String);

impl AllowedOrigins {
    /// Parses a list of origins; `*` allows all.
    ///
    /// # Errors
    /// [`OriginError`] with the first text that is not an origin.
    pub fn parse(origins: &[String]) -> Result<Self, OriginError> {
        let mut allowed = Self::default();
        for origin in origins.iter().map(|origin| origin.trim()) {
            if origin == "*" {
                allowed.every = true;
                continue;
            }
            let host = ["https://", "http://"]
                .iter()
                .find_map(|scheme| origin.strip_prefix(scheme));
            let is_origin = host.is_some_and(|host| {
                !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ', ',', '*'])
            });
            // Browsers send the host in lower case.
            match HeaderValue::from_str(&origin.to_ascii_lowercase()) {
                Ok(origin) if is_origin => allowed.listed.push(origin),
                _ => return Err(OriginError(origin.to_owned())),
            }
        }
        Ok(allowed)
    }

    /// Returns whether the origin is listed by name.
    pub(super) fn has(&self, origin: &HeaderValue) -> bool {
        self.listed.contains(origin)
    }

    /// Returns the layer that answers preflight requests and sets the CORS headers of responses.
    pub(super) fn layer(&self) -> CorsLayer {
        let name = HeaderName::from_static;
        let (origins, vary) = if self.every {
            (AllowOrigin::any(), None)
        } else {
            let listed = AllowOrigin::list(self.listed.iter().cloned());
            (listed, (!self.listed.is_empty()).then_some(header::ORIGIN))
        };
        CorsLayer::new()
            .allow_origin(origins)
            .vary(Vary::list(vary))
            .allow_methods([
                Method::GET,
                Method::HEAD,
                Method::PUT,
                Method::PATCH,
                Method::POST,
                Method::DELETE,
            ])
            .allow_headers([
                header::AUTHORIZATION,
                header::CONTENT_TYPE,
                header::IF_MATCH,
                header::IF_NONE_MATCH,
                name("last-event-id"),
                name("prefer"),
                name("present"),
            ])
            .expose_headers([
                header::ALLOW,
                header::ETAG,
                name("cursor"),
                name("accept-patch"),
                header::RETRY_AFTER,
                name("preference-applied"),
                name("present"),
                header::WWW_AUTHENTICATE,
                header::DATE,
                telemetry::REQUEST_ID,
            ])
            .max_age(Duration::from_secs(2 * 60 * 60))
    }
}

#[cfg(test)]
mod tests {
    use super::AllowedOrigins;

    #[test]
    fn only_an_origin_is_accepted() {
        for (origin, expected) in [
            ("https://board.example.org", true),
            ("http://localhost:8080", true),
            ("*", true),
            ("https://board.example.org/", false),
            ("https://", false),
            ("board.example.org", false),
            ("https://*.example.org", false),
            ("null", false),
            ("", false),
        ] {
            let parsed = AllowedOrigins::parse(&[origin.to_owned()]);
            assert_eq!(parsed.is_ok(), expected, "{origin}");
        }
    }
}
