//! Parses the option `--database`: a path of an SQLite file, or a PostgreSQL URL.

use std::{fmt, path::PathBuf, str::FromStr};

use super::postgres::Address;

/// The location of the database: an SQLite file, or a PostgreSQL database for several servers.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    File(PathBuf),
    Postgres(Box<Address>),
}

/// Why a text is not the location of a database.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseUrlError {
    #[error("a database is a file, or a URL that begins with postgres://; {0}:// is not known")]
    Scheme(String),
    // Without the URL, which may hold a password.
    #[error(
        "sslmode={0} sends passwords and boards unencrypted if the database asks for it; \
         write sslmode=require, or sslmode=disable in a trusted network"
    )]
    SslMode(String),
    #[error("the URL of the database is invalid: {0}")]
    Address(tokio_postgres::Error),
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(text: &str) -> Result<Self, DatabaseUrlError> {
        match text.split_once("://") {
            None => Ok(Self::File(text.into())),
            Some(("postgres" | "postgresql", _)) => {
                Ok(Self::Postgres(Box::new(Address::parse(text)?)))
            }
            Some((scheme, _)) => Err(DatabaseUrlError::Scheme(scheme.to_owned())),
        }
    }
}

/// For messages, without the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "{}", file.display()),
            Self::Postgres(address) => write!(f, "{address}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_url_is_a_file_or_a_server_and_shows_no_password() {
        for (text, expected) in [
            ("boards.sqlite", Some("boards.sqlite")),
            ("/srv/a b/boards.sqlite", Some("/srv/a b/boards.sqlite")),
            (
                "postgres://ana:s3cret@db.example.org/boards",
                Some("PostgreSQL database boards at db.example.org:5432"),
            ),
            (
                "postgresql://db.example.org,other.example.org:6000/boards?target_session_attrs=read-write",
                Some("PostgreSQL database boards at db.example.org:5432, other.example.org:6000"),
            ),
            ("postgres://db.example.org/boards?unknown=1", None),
            ("postgres://db.example.org/boards?sslmode=prefer", None),
            (
                "postgres://db.example.org/boards?connect_timeout=5&sslmode=allow",
                None,
            ),
            ("mysql://db.example.org/boards", None),
            ("http://db.example.org", None),
        ] {
            let url = text.parse::<DatabaseUrl>();
            let shown = url.as_ref().map(ToString::to_string).ok();
            assert_eq!(shown.as_deref(), expected, "{text}");
            assert!(!format!("{url:?}").contains("s3cret"));
        }
    }
}
