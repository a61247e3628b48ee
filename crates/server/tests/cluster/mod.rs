//! A temporary PostgreSQL cluster on a free port, removed when the test program ends.
#![allow(
    unreachable_pub,
    reason = "it is part of a test program, and reaches as far as that"
)]
#![allow(
    clippy::unwrap_used,
    reason = "the helpers are outside of a test function, where clippy's own exception does not reach"
)]

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use cruxboard_server::store::DatabaseUrl;
use tokio_postgres::NoTls;

pub struct Cluster {
    folder: PathBuf,
    pub port: u16,
    /// Cleans up when its standard input closes, which happens however this program ends.
    _guardian: Child,
}

impl Cluster {
    /// Creates and starts a cluster.
    pub fn start(settings: &[&str]) -> Self {
        let cluster = Self::prepare();
        let data = cluster.data();
        let made = as_owner("initdb")
            .args([
                "--no-sync",
                "--auth=trust",
                "--encoding=UTF8",
                "--username=postgres",
            ])
            .arg(&data)
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        cluster.set(settings);
        cluster.control(&["start"]);
        cluster
    }

    /// Creates a standby of another cluster.
    pub fn standby_of(primary: &Self) -> Self {
        let cluster = Self::prepare();
        let copied = as_owner("pg_basebackup")
            .args(["--no-sync", "--checkpoint=fast", "--write-recovery-conf"])
            .args(["--host=127.0.0.1", "--username=postgres"])
            .arg(format!("--port={}", primary.port))
            .arg("--pgdata")
            .arg(cluster.data())
            .output()
            .unwrap();
        assert!(copied.status.success(), "{copied:?}");
        cluster.set(&[]);
        cluster.control(&["start"]);
        cluster
    }

    fn prepare() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("cruxboard-postgres-")
            .tempdir()
            .unwrap();
        // The guardian removes the folder, whose files may belong to another account.
        let folder = folder.keep();
        if is_root() {
            let given = Command::new("chown").arg("postgres").arg(&folder).status();
            assert!(given.unwrap().success(), "there is no account `postgres`");
        }
        let tidying = "trap '' INT TERM HUP; cat >/dev/null; \
            \"$1\" stop --mode=immediate --silent --pgdata=\"$2/data\" >/dev/null 2>&1; rm -rf \"$2\"";
        let guardian = owner("sh")
            .args(["-c", tidying, "guardian"])
            .arg(program("pg_ctl"))
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            folder,
            port: free.local_addr().unwrap().port(),
            _guardian: guardian,
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Appends settings, which apply from the next start.
    pub fn set(&self, settings: &[&str]) {
        let port = format!("port = {}", self.port);
        let mut lines = vec![
            port.as_str(),
            "listen_addresses = '127.0.0.1'",
            "unix_socket_directories = ''",
            "max_connections = 200",
        ];
        lines.extend(settings);
        let script = "cat >> \"$1\"";
        let mut writing = owner("sh")
            .args(["-c", script, "sh"])
            .arg(self.data().join("postgresql.conf"))
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = writing.stdin.take().unwrap();
        std::io::Write::write_all(&mut input, (lines.join("\n") + "\n").as_bytes()).unwrap();
        drop(input);
        assert!(writing.wait().unwrap().success());
    }

    /// Copies a file into the data folder, readable by its owner only.
    pub fn keep(&self, name: &str, from: &Path) {
        let script = "umask 077; cat > \"$1\"";
        let written = owner("sh")
            .args(["-c", script, "sh"])
            .arg(self.data().join(name))
            .stdin(fs::File::open(from).unwrap())
            .status();
        assert!(written.unwrap().success());
    }

    /// Runs `pg_ctl` and waits for it.
    pub fn control(&self, what: &[&str]) {
        let done = as_owner("pg_ctl")
            .args(what)
            .args(["--wait", "--silent", "--log"])
            .arg(self.folder.join("log"))
            .arg("--pgdata")
            .arg(self.data())
            .stdout(Stdio::null())
            .status();
        let log = || fs::read_to_string(self.folder.join("log"));
        assert!(done.unwrap().success(), "{what:?}: {:?}", log());
    }

    pub fn url(&self, name: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    /// Runs statements in the database `name`.
    pub async fn run(&self, name: &str, statements: &str) {
        let client = connect(&self.url(name)).await;
        client.batch_execute(statements).await.unwrap();
    }

    /// Creates an empty database.
    pub async fn database(&self, name: &str) -> DatabaseUrl {
        let statement = format!("CREATE DATABASE {name} TEMPLATE template0");
        self.run("postgres", &statement).await;
        self.url(name).parse().unwrap()
    }
}

pub async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

/// Runs a program as an account other than root, as PostgreSQL demands.
fn owner(what: impl AsRef<std::ffi::OsStr>) -> Command {
    if !is_root() {
        return Command::new(what);
    }
    let mut command = Command::new("setpriv");
    command.args([
        "--reuid=postgres",
        "--regid=postgres",
        "--clear-groups",
        "--",
    ]);
    command.arg(what);
    command
}

fn as_owner(name: &str) -> Command {
    let mut command = owner(program(name));
    // In a folder that this account may enter.
    command.current_dir("/");
    command
}

/// Finds a program of PostgreSQL; in Debian most of them are not in the PATH.
fn program(name: &str) -> PathBuf {
    let mut folders = Vec::new();
    folders.extend(env::var_os("CRUXBOARD_POSTGRES").map(PathBuf::from));
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        let mut versions: Vec<_> = versions.map(|version| version.unwrap().path()).collect();
        versions.sort();
        folders.extend(
            versions
                .into_iter()
                .rev()
                .map(|version| version.join("bin")),
        );
    }
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let found = folders
        .into_iter()
        .map(|folder| folder.join(name))
        .find(|program| program.is_file());
    found.unwrap_or_else(|| {
        panic!("{name} of PostgreSQL is missing; `cargo xtask test server` installs it, or name its folder in CRUXBOARD_POSTGRES")
    })
}
