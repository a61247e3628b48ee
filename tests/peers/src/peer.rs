//! Third-party servers, each with the settings that `docs/endpoint/` recommends.

use std::{
    env,
    fs::{self, File, Permissions},
    net::{SocketAddr, TcpListener, TcpStream},
    os::unix::{fs::PermissionsExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use cruxboard_domain::BoardId;
use reqwest::{Client, Method, Response, header::LOCATION, redirect::Policy};
use tempfile::TempDir;

use crate::Door;

/// The origin of the app in the settings of `docs/endpoint/`.
pub const ORIGIN: &str = "https://cruxboard.example";
const PASSWORD: &str = "sesame-sesame";
/// `htpasswd -nbs ann sesame-sesame`.
const PASSWORDS: &str = "ann:{SHA}WMqj2UDHywwigQgimfmXeJJpEJs=\n";
const PATIENCE: Duration = Duration::from_secs(60);
/// Modules that Apache must load for its settings; the others are built in.
const MODULES: [&str; 12] = [
    "mpm_event",
    "authn_core",
    "authz_core",
    "auth_basic",
    "authn_file",
    "authz_user",
    "alias",
    "dav",
    "dav_fs",
    "deflate",
    "filter",
    "headers",
];

/// A server on a free port of this machine, with a folder of its own. It ends when this is dropped.
pub struct Peer {
    running: Running,
    /// The address of its board, with the credential.
    pub door: Door,
}

impl Peer {
    /// Starts our server, as the released program, on SQLite.
    ///
    /// # Errors
    /// If it does not start.
    pub fn ours(board: BoardId) -> Result<Self> {
        Self::ours_on(board, None, &[])
    }

    /// Starts our server with its boards in a PostgreSQL database.
    ///
    /// # Errors
    /// If it does not start.
    pub fn ours_on_postgres(board: BoardId, database: &str) -> Result<Self> {
        Self::ours_on(board, Some(database), &[])
    }

    /// Starts our server behind a proxy on this machine that may name users.
    ///
    /// # Errors
    /// If it does not start.
    pub fn ours_behind_a_proxy(board: BoardId) -> Result<Self> {
        let header = ["--identity-header", "X-Forwarded-User"];
        let proxy = ["--trusted-proxy", "127.0.0.1"];
        Self::ours_on(board, None, &[header, proxy].concat())
    }

    fn ours_on(board: BoardId, database: Option<&str>, more: &[&str]) -> Result<Self> {
        let program = named("CRUXBOARD_PROGRAM")?;
        let place = Place::new()?;
        fs::write(place.path("index.html"), "<!doctype html>")?;
        let mut command = Command::new(&program);
        command.args(["serve", "--port", &place.port(), "--allow-origin", ORIGIN]);
        command.arg("--dir").arg(place.folder.path()).args(more);
        let file = place.path("boards.sqlite");
        let database = match database {
            Some(address) => address,
            None => path_of(&file)?,
        };
        command.args(["--database", database]);
        let running = place.start(command.env("RUST_LOG", "warn"))?;
        let mut create = Command::new(&program);
        create.args(["token", "create", "--rights", "admin", "--database"]);
        let made = create.arg(database).output()?;
        ensure!(made.status.success(), "no token was made");
        let token = String::from_utf8(made.stdout)?;
        Ok(running.with(&format!("boards/{board}"), Some(bearer(token.trim()))))
    }

    /// Starts Kinto with an account, and everything in memory.
    ///
    /// # Errors
    /// If it does not start.
    pub async fn kinto() -> Result<Self> {
        let place = Place::new()?;
        let settings = settings(
            "kinto.ini",
            &[("port = 8888", &format!("port = {}", place.port()))],
        )?;
        fs::write(place.path("kinto.ini"), settings)?;
        let mut command = Command::new(named("CRUXBOARD_KINTO")?);
        command
            .arg("start")
            .arg("--ini")
            .arg(place.path("kinto.ini"));
        command.env("PYTHONWARNINGS", "ignore");
        let running = place.start(&mut command)?;
        let body = format!("{{\"data\":{{\"password\":\"{PASSWORD}\"}}}}");
        let made = client()?
            .put(running.url("v1/accounts/ann"))
            .header("Content-Type", "application/json")
            .body(body);
        ensure!(
            made.send().await?.status().is_success(),
            "no account was made"
        );
        let key = format!("Basic {}", BASE64.encode(format!("ann:{PASSWORD}")));
        let record = "v1/buckets/default/collections/boards/records/our-board";
        Ok(running.with(record, Some(("Authorization", key))))
    }

    /// Starts armadietto with an account, and a token requested as a page does.
    ///
    /// # Errors
    /// If it does not start.
    pub async fn armadietto() -> Result<Self> {
        let place = Place::new()?;
        let settings = settings(
            "armadietto.json",
            &[
                ("/srv/boards", path_of(&place.path("boards"))?),
                ("\"port\": 8000", &format!("\"port\": {}", place.port())),
                ("/var/log/armadietto", path_of(&place.path("logs"))?),
            ],
        )?;
        fs::write(place.path("conf.json"), settings)?;
        let program = named("CRUXBOARD_NODE_MODULES")?.join(".bin/armadietto");
        let mut command = Command::new(program);
        let running = place.start(command.arg("-c").arg("conf.json"))?;
        let form = format!("username=ann&email=ann%40example.org&password={PASSWORD}");
        let signed_up = post_form(running.url("signup"), form).await?;
        ensure!(signed_up.status().as_u16() < 400, "no account was made");
        let form = format!(
            "username=ann&password={PASSWORD}&client_id={ORIGIN}&redirect_uri={ORIGIN}/\
             &response_type=token&scope=boards%3Arw&allow=Allow"
        );
        let allowed = post_form(running.url("oauth"), form).await?;
        let leads_to = allowed.headers().get(LOCATION).context("no token")?;
        let (_, token) = leads_to
            .to_str()?
            .split_once("access_token=")
            .context("no token")?;
        let token = token.split('&').next().unwrap_or(token).replace("%3D", "=");
        Ok(running.with("storage/ann/boards/our-board.json", Some(bearer(&token))))
    }

    /// Starts Apache's `mod_dav` with a password.
    ///
    /// # Errors
    /// If it does not start.
    pub fn apache() -> Result<Self> {
        let debian = named("CRUXBOARD_DEBIAN")?;
        let place = Place::new()?;
        fs::create_dir(place.path("boards"))?;
        fs::write(place.path("htpasswd"), PASSWORDS)?;
        let folder = path_of(place.folder.path())?;
        let settings = settings(
            "apache.conf",
            &[
                ("/srv/boards", &format!("{folder}/boards")),
                (
                    "/etc/apache2/boards.htpasswd",
                    &format!("{folder}/htpasswd"),
                ),
            ],
        )?;
        let modules = debian.join("usr/lib/apache2/modules");
        let modules = path_of(&modules)?;
        let port = place.port();
        let mut whole = format!(
            "ServerRoot {folder}\nServerName localhost\nListen 127.0.0.1:{port}\nPidFile {folder}/pid\n\
             ErrorLog {folder}/error.log\n"
        );
        for module in MODULES {
            whole += &format!("LoadModule {module}_module {modules}/mod_{module}.so\n");
        }
        // Started by root, it runs its children as another user, who needs access.
        for name in ["", "boards"] {
            fs::set_permissions(place.path(name), Permissions::from_mode(0o777))?;
        }
        whole += "<IfModule unixd_module>\nUser www-data\nGroup www-data\n</IfModule>\n";
        whole += "AddOutputFilterByType DEFLATE application/json\n";
        fs::write(place.path("httpd.conf"), whole + &settings)?;
        let mut command = Command::new(debian.join("usr/sbin/apache2"));
        command.arg("-f").arg(place.path("httpd.conf"));
        command.arg("-DFOREGROUND");
        with_libraries(&mut command, &debian, &place)?;
        let running = place.start(&mut command)?;
        let key = format!("Basic {}", BASE64.encode(format!("ann:{PASSWORD}")));
        Ok(running.with("boards/our-board.json", Some(("Authorization", key))))
    }

    /// Starts nginx with a header as key.
    ///
    /// # Errors
    /// If it does not start.
    pub fn nginx() -> Result<Self> {
        let place = Place::new()?;
        fs::create_dir(place.path("boards"))?;
        let folder = path_of(place.folder.path())?.to_owned();
        let settings = settings(
            "nginx.conf",
            &[
                ("/srv/boards-arriving", &format!("{folder}/arriving")),
                ("root /srv;", &format!("root {folder};")),
                ("change-me", PASSWORD),
            ],
        )?;
        let port = place.port();
        let server = format!("server {{\nlisten 127.0.0.1:{port};\n{settings}}}\n");
        let running = start_nginx(place, &server)?;
        let key = ("X-Board-Key", PASSWORD.to_owned());
        Ok(running.with("boards/our-board.json", Some(key)))
    }

    /// Starts PouchDB's server, which speaks CouchDB's protocol, open to all and with everything in memory.
    /// CouchDB itself cannot be installed for these tests.
    ///
    /// # Errors
    /// If it does not start.
    pub async fn pouchdb() -> Result<Self> {
        let place = Place::new()?;
        let mut command = Command::new("node");
        command.arg(here().join("pouchdb.js")).arg(place.port());
        command.env("NODE_PATH", named("CRUXBOARD_NODE_MODULES")?);
        let running = place.start(&mut command)?;
        let made = client()?.put(running.url("boards")).send().await?;
        ensure!(made.status().is_success(), "no database was made");
        Ok(running.with("boards/our-board", None))
    }

    /// Returns the response to a preflight request of a page on another origin.
    ///
    /// # Errors
    /// If there is no response.
    pub async fn asked_by_a_page(&self, method: Method) -> Result<Response> {
        let mut asking = client()?
            .request(method.clone(), &self.door.address)
            .header("Origin", ORIGIN);
        if method == Method::OPTIONS {
            let key = self.door.key.as_ref().map_or("accept", |(name, _)| name);
            asking = asking
                .header("Access-Control-Request-Method", "PUT")
                .header(
                    "Access-Control-Request-Headers",
                    format!("content-type,if-match,if-none-match,{}", key.to_lowercase()),
                );
        } else if let Some((name, value)) = &self.door.key {
            asking = asking.header(*name, value);
        }
        Ok(asking.send().await?)
    }

    /// Returns the door without its credential.
    pub fn without_key(&self) -> Door {
        Door {
            key: None,
            ..self.door.clone()
        }
    }

    /// Returns the end of its log.
    pub fn last_words(&self) -> String {
        self.running.place.last_words()
    }
}

/// A folder and a port for a server before its start.
pub(crate) struct Place {
    folder: TempDir,
    pub(crate) address: SocketAddr,
}

impl Place {
    pub(crate) fn new() -> Result<Self> {
        let folder = TempDir::new()?;
        // The port was free a moment ago, which must suffice: none of these servers reports the port it got.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        Ok(Self { folder, address })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn port(&self) -> String {
        self.address.port().to_string()
    }

    /// Starts the server, and waits until it accepts connections.
    pub(crate) fn start(self, command: &mut Command) -> Result<Running> {
        let log = File::create(self.path("output.log"))?;
        command
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            // In a process group with its children, so that none of them outlives it.
            .process_group(0);
        let child = command
            .spawn()
            .with_context(|| format!("starting {}", command.get_program().display()))?;
        let mut running = Running { child, place: self };
        let begun = Instant::now();
        while TcpStream::connect(running.place.address).is_err() {
            if let Some(status) = running.child.try_wait()? {
                bail!("it ended with {status}:\n{}", running.place.last_words());
            }
            ensure!(begun.elapsed() < PATIENCE, "it takes no connections");
            thread::sleep(Duration::from_millis(50));
        }
        Ok(running)
    }

    pub(crate) fn last_words(&self) -> String {
        let mut words = String::new();
        for name in ["output.log", "error.log"] {
            words += &fs::read_to_string(self.path(name)).unwrap_or_default();
        }
        let lines: Vec<&str> = words.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }
}

pub(crate) struct Running {
    child: Child,
    pub(crate) place: Place,
}

impl Running {
    fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.place.address)
    }

    fn with(self, path: &str, key: Option<(&'static str, String)>) -> Peer {
        let door = Door {
            address: self.url(path),
            key,
        };
        Peer {
            running: self,
            door,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        Command::new("kill")
            .args(["-KILL", "--", &group])
            .stderr(Stdio::null())
            .status()
            .ok();
        self.child.wait().ok();
    }
}

/// Starts nginx with one `server` block of its settings.
pub(crate) fn start_nginx(place: Place, server: &str) -> Result<Running> {
    let folder = path_of(place.folder.path())?;
    let user = if is_root()? { "user root;\n" } else { "" };
    let paths: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {folder}/{kind};\n"))
        .concat();
    let whole = format!(
        "daemon off;\n{user}pid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n\
         http {{\naccess_log off;\n{paths}{server}}}\n"
    );
    fs::write(place.path("nginx.conf"), whole)?;
    let mut command = Command::new(named("CRUXBOARD_DEBIAN")?.join("usr/sbin/nginx"));
    command.arg("-p").arg(place.folder.path());
    command.arg("-e").arg(place.path("error.log"));
    command.arg("-c").arg(place.path("nginx.conf"));
    place.start(&mut command)
}

/// Returns a settings file of `docs/endpoint/` with some words replaced, each of which must occur in it.
fn settings(name: &str, words: &[(&str, &str)]) -> Result<String> {
    settings_in("docs/endpoint", name, words)
}

/// Returns a settings file of another folder, with some words replaced.
pub(crate) fn settings_in(folder: &str, name: &str, words: &[(&str, &str)]) -> Result<String> {
    let path = here().join("../..").join(folder).join(name);
    let mut text = fs::read_to_string(&path).with_context(|| format!("reading {name}"))?;
    for (theirs, ours) in words {
        ensure!(text.contains(theirs), "{name} does not hold {theirs}");
        text = text.replace(theirs, ours);
    }
    Ok(text)
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns a path that `cargo xtask test peers` has set.
pub(crate) fn named(variable: &str) -> Result<PathBuf> {
    env::var_os(variable)
        .map(PathBuf::from)
        .with_context(|| format!("{variable} is not set; `cargo xtask test peers` sets it"))
}

fn path_of(path: &Path) -> Result<&str> {
    path.to_str().context("a path is text")
}

fn bearer(token: &str) -> (&'static str, String) {
    ("Authorization", format!("Bearer {token}"))
}

fn is_root() -> Result<bool> {
    let user = Command::new("id").arg("-u").output()?;
    Ok(user.stdout.trim_ascii() == b"0")
}

/// Sets the library path of servers that are unpacked and not installed. Libraries that are loaded later must
/// be readable for Apache's children, which run as another user.
fn with_libraries(command: &mut Command, debian: &Path, place: &Place) -> Result<()> {
    let later = place.path("apr-util-1");
    fs::create_dir(&later)?;
    let mut folders = vec![place.folder.path().to_owned(), later.clone()];
    for entry in fs::read_dir(debian.join("usr/lib"))? {
        let folder = entry?.path();
        if !folder.join("libapr-1.so.0").exists() {
            continue;
        }
        for library in fs::read_dir(folder.join("apr-util-1"))? {
            let library = library?;
            fs::copy(library.path(), later.join(library.file_name()))?;
        }
        folders.push(folder);
    }
    command.env("LD_LIBRARY_PATH", env::join_paths(folders)?);
    Ok(())
}

fn client() -> Result<Client> {
    let client = Client::builder().redirect(Policy::none()).no_proxy();
    Ok(client.timeout(PATIENCE).build()?)
}

async fn post_form(url: String, form: String) -> Result<Response> {
    let asking = client()?
        .post(url)
        .header("Content-Type", "application/x-www-form-urlencoded");
    Ok(asking.body(form).send().await?)
}
