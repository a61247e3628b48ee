//! CORS: the other origins whose pages may read responses.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
};

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

const EVERY: HeaderValue = HeaderValue::from_static("*");
const PREFLIGHT: [(HeaderName, &str); 3] = [
    (
        header::ACCESS_CONTROL_ALLOW_METHODS,
        "GET, HEAD, PUT, PATCH, POST, DELETE",
    ),
    (
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        "authorization, content-type, if-match, if-none-match, last-event-id, prefer, present",
    ),
    (header::ACCESS_CONTROL_MAX_AGE, "7200"),
];
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "Allow, ETag, Cursor, Accept-Patch, Retry-After, Preference-Applied, Present, WWW-Authenticate, Date",
);

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

    /// Sets the CORS headers of a response.
    pub(super) fn apply(
        &self,
        origin: Option<&HeaderValue>,
        is_preflight: bool,
        headers: &mut HeaderMap,
    ) {
        if !self.every && !self.listed.is_empty() {
            headers.append(header::VARY, HeaderValue::from_static("origin"));
        }
        let Some(origin) = origin else { return };
        if self.every {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, EVERY);
        } else if self.listed.contains(origin) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        } else {
            return;
        }
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        if is_preflight {
            for (name, value) in PREFLIGHT {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
    }
}

/// Returns whether the request is a CORS preflight.
pub(super) fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
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
