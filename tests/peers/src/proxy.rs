//! Proxies in front of our own server, each with the settings in `deploy/`.

use std::{fs, net::SocketAddr, process::Command};

use anyhow::{Context as _, Result};

use crate::{
    Door,
    peer::{Place, Running, named, settings_in, start_nginx},
};

/// The address of our server in the settings.
const OURS: &str = "127.0.0.1:4173";

/// A proxy on a free port of this machine. It ends when this is dropped.
pub struct Proxy {
    running: Running,
}

impl Proxy {
    /// Starts nginx without the certificate, which needs a real domain.
    ///
    /// # Errors
    /// If it does not start.
    pub fn nginx(server: &Door) -> Result<Self> {
        let place = Place::new()?;
        let settings = settings_in(
            "deploy",
            "nginx.conf",
            &[
                ("listen 443 ssl", &format!("listen {}", place.address)),
                (
                    "ssl_certificate /etc/ssl/board.example.org.pem;",
                    "# no certificate",
                ),
                (
                    "ssl_certificate_key /etc/ssl/private/board.example.org.key;",
                    "# no key",
                ),
                (OURS, &address_of(server)?.to_string()),
            ],
        )?;
        let running = start_nginx(place, &settings)?;
        Ok(Self { running })
    }

    /// Starts Caddy without the certificate, which needs a real domain.
    ///
    /// # Errors
    /// If it does not start.
    pub fn caddy(server: &Door) -> Result<Self> {
        let place = Place::new()?;
        let settings = settings_in(
            "deploy",
            "Caddyfile",
            &[
                (
                    "\nboard.example.org {",
                    &format!("\nhttp://{} {{", place.address),
                ),
                (OURS, &address_of(server)?.to_string()),
            ],
        )?;
        // The address of its admin interface would be the same for all that run.
        fs::write(
            place.path("Caddyfile"),
            format!("{{\n\tadmin off\n}}\n{settings}"),
        )?;
        let mut command = Command::new(named("CRUXBOARD_DEBIAN")?.join("usr/bin/caddy"));
        command.args(["run", "--adapter", "caddyfile", "--config"]);
        command.arg(place.path("Caddyfile"));
        for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
            command.env(name, place.path("home"));
        }
        let running = place.start(&mut command)?;
        Ok(Self { running })
    }

    /// Returns the door to the same board through the proxy.
    ///
    /// # Errors
    /// If the door's address is invalid.
    pub fn way_to(&self, server: &Door) -> Result<Door> {
        let address = address_of(server)?.to_string();
        let here = self.running.place.address.to_string();
        Ok(Door {
            address: server.address.replace(&address, &here),
            ..server.clone()
        })
    }

    /// Returns the end of its log.
    pub fn last_words(&self) -> String {
        self.running.place.last_words()
    }
}

fn address_of(door: &Door) -> Result<SocketAddr> {
    let rest = door.address.strip_prefix("http://").context("no address")?;
    let (address, _) = rest.split_once('/').context("no path")?;
    Ok(address.parse()?)
}
