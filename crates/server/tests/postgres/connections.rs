//! Connections that are refused, and encrypted ones.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_acknowledges_too_early_or_is_of_a_newer_version_is_refused() {
    let cluster = tokio::task::spawn_blocking(shared).await.unwrap();
    cluster.database("hasty").await;
    let home = Home::with_database(&cluster.url("hasty"));
    home.serve().stop();
    let dist = home.path("dist");
    let errors = || {
        let arguments = ["serve", "--port", "0", "--dir", dist.to_str().unwrap()];
        let output = home.run(&arguments);
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    cluster
        .run("hasty", "ALTER DATABASE hasty SET synchronous_commit = off")
        .await;
    assert!(errors().contains("synchronous_commit"), "{}", errors());
    cluster
        .run(
            "hasty",
            "ALTER DATABASE hasty RESET synchronous_commit;
            UPDATE cruxboard.store SET value = '99' WHERE name = 'version'",
        )
        .await;
    assert!(errors().contains("newer Cruxboard"), "{}", errors());
}

/// Runs `openssl`, on which Debian's PostgreSQL depends.
fn openssl(folder: &Path, arguments: &str) {
    let done = std::process::Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_to_another_machine_is_encrypted_and_its_certificate_must_be_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    openssl(
        folder,
        "req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key -out ca.pem -subj /CN=Test-authority -addext keyUsage=keyCertSign",
    );
    openssl(
        folder,
        "req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=db -addext subjectAltName=IP:127.0.0.1",
    );
    openssl(
        folder,
        "x509 -req -days 2 -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copy -out server.crt",
    );
    let cluster = Cluster::start(&[]);
    cluster.keep("server.crt", &folder.join("server.crt"));
    cluster.keep("server.key", &folder.join("server.key"));
    cluster.set(&["ssl = on"]);
    cluster.control(&["restart", "--mode", "fast"]);
    cluster.database("boards").await;
    // Explicit, since connections within this machine need no encryption by default.
    let home = Home::with_database(&format!("{}?sslmode=require", cluster.url("boards")));
    let run = |trusted: &str| {
        let mut check = home.command(&["check"]);
        let output = check.env("SSL_CERT_FILE", folder.join(trusted)).output();
        output.unwrap()
    };
    let checked = run("ca.pem");
    assert!(checked.status.success(), "{checked:?}");
    openssl(
        folder,
        "req -x509 -newkey rsa:2048 -nodes -days 2 -keyout x.key -out other.pem -subj /CN=Other-authority -addext keyUsage=keyCertSign",
    );
    let refused = run("other.pem");
    assert!(!refused.status.success());
    let errors = String::from_utf8_lossy(&refused.stderr);
    assert!(errors.contains("certificate"), "{errors}");
    // A database without encryption is refused.
    cluster.set(&["ssl = off"]);
    cluster.control(&["restart", "--mode", "fast"]);
    let refused = run("ca.pem");
    let errors = String::from_utf8_lossy(&refused.stderr);
    assert!(
        !refused.status.success() && errors.contains("TLS"),
        "{errors}"
    );
}
