//! Parses the option `--database`: a path of an SQLite file, or a PostgreSQL URL.

use std::{fmt, path::PathBuf, str::FromStr};

use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};

/// The location of the database: an SQLite file, or a PostgreSQL database for several servers.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    File(PathBuf),
    Postgres(Box<PostgresUrl>),
}

/// The reason why a text is not the location of a database.
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
    Invalid(tokio_postgres::Error),
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(text: &str) -> Result<Self, DatabaseUrlError> {
        match text.split_once("://") {
            None => Ok(Self::File(text.into())),
            Some(("postgres" | "postgresql", _)) => {
                Ok(Self::Postgres(Box::new(PostgresUrl::parse(text)?)))
            }
            Some((scheme, _)) => Err(DatabaseUrlError::Scheme(scheme.to_owned())),
        }
    }
}

/// Formats the location for messages, without the password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "{}", file.display()),
            Self::Postgres(address) => write!(f, "{address}"),
        }
    }
}

/// The URL of a PostgreSQL database, as connection parameters.
#[derive(Clone)]
pub struct PostgresUrl(Config);

impl PostgresUrl {
    /// Returns the parameters for the driver.
    pub(super) fn config(&self) -> Config {
        self.0.clone()
    }

    fn parse(text: &str) -> Result<Self, DatabaseUrlError> {
        // Without `sslmode`, only connections within this machine are unencrypted.
        let mut parameters = text.split(['?', '&']).skip(1);
        let mode = parameters.find_map(|parameter| parameter.strip_prefix("sslmode="));
        if let Some(mode @ ("allow" | "prefer")) = mode {
            return Err(DatabaseUrlError::SslMode(mode.to_owned()));
        }
        let mut config: Config = text.parse().map_err(DatabaseUrlError::Invalid)?;
        if mode.is_none() {
            let is_here = config.get_hosts().iter().all(is_this_machine);
            config.ssl_mode(if is_here {
                SslMode::Disable
            } else {
                SslMode::Require
            });
        }
        Ok(Self(config))
    }
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => ["localhost", "127.0.0.1", "::1"].contains(&name.as_str()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// Formats the URL for messages, without the password.
impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0.get_dbname().or(self.0.get_user());
        write!(f, "PostgreSQL database {} at ", name.unwrap_or_default())?;
        for (at, host) in self.0.get_hosts().iter().enumerate() {
            let ports = self.0.get_ports();
            let port = ports.get(at).or(ports.first()).unwrap_or(&5432);
            let comma = if at > 0 { ", " } else { "" };
            match host {
                Host::Tcp(host) => write!(f, "{comma}{host}:{port}")?,
                #[cfg(unix)]
                Host::Unix(folder) => write!(f, "{comma}{}", folder.display())?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
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

    #[test]
    fn connections_to_other_machines_are_encrypted_unless_disabled() {
        for (url, expected) in [
            ("postgres://db.example.org/boards", SslMode::Require),
            (
                "postgres://localhost,db.example.org/boards",
                SslMode::Require,
            ),
            ("postgres://localhost/boards", SslMode::Disable),
            ("postgres://127.0.0.1:5433/boards", SslMode::Disable),
            ("postgres:///boards?host=/run/postgresql", SslMode::Disable),
            (
                "postgres://localhost/boards?sslmode=require",
                SslMode::Require,
            ),
            (
                "postgres://db.example.org/boards?sslmode=disable",
                SslMode::Disable,
            ),
        ] {
            let found = PostgresUrl::parse(url).unwrap().0.get_ssl_mode();
            assert_eq!(found, expected, "{url}");
        }
    }
}
