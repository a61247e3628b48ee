//! Options from the command line, the environment and a file.

use super::*;

#[test]
fn the_command_line_overrides_the_environment_and_that_the_file() {
    let home = Home::new();
    let file = home.path("cruxboard.toml");
    fs::write(&file, "database = \"/of/the/file.sqlite\"\n").unwrap();
    let file = file.to_str().unwrap();
    let typed = ["--database", "/of/the/words.sqlite"];
    for (typed, environment, expected) in [
        (
            &typed[..],
            Some("/of/the/environment.sqlite"),
            "/of/the/words.sqlite",
        ),
        (
            &[],
            Some("/of/the/environment.sqlite"),
            "/of/the/environment.sqlite",
        ),
        (&typed, None, "/of/the/words.sqlite"),
        (&[], None, "/of/the/file.sqlite"),
    ] {
        let mut command = home.command(&["check", "--config", file]);
        command.args(typed).env_remove("CRUXBOARD_DATABASE");
        command.envs(environment.map(|database| ("CRUXBOARD_DATABASE", database)));
        let errors = String::from_utf8(command.output().unwrap().stderr).unwrap();
        assert!(
            errors.contains(&format!("no database at {expected}")),
            "{errors}"
        );
    }
    // The environment can name the file too.
    let mut command = home.command(&["check"]);
    command
        .env_remove("CRUXBOARD_DATABASE")
        .env("CRUXBOARD_CONFIG", file);
    let errors = String::from_utf8(command.output().unwrap().stderr).unwrap();
    assert!(errors.contains("/of/the/file.sqlite"), "{errors}");
}

#[tokio::test]
async fn a_server_follows_its_configuration_file_and_refuses_unknown_settings() {
    let home = Home::new();
    let file = home.path("cruxboard.toml");
    let dist = home.path("dist");
    let good = format!(
        "dir = {dist:?}\nport = 0\nkeep_erased = \"0\"\nallow_origin = [\"https://one.example.org\", \"https://two.example.org\"]\n"
    );
    fs::write(&file, &good).unwrap();
    let mut serve = home.command(&["--config", file.to_str().unwrap(), "serve"]);
    serve.env_remove("CRUXBOARD_ALLOW_ORIGIN");
    let program = Home::started(serve);
    let client = Client::new();
    for origin in ["https://one.example.org", "https://two.example.org"] {
        let url = format!("http://{}/boards/{}", program.address, stamp(7, 0));
        let answer = client
            .get(url)
            .header("origin", origin)
            .send()
            .await
            .unwrap();
        assert_eq!(header_of(&answer, "access-control-allow-origin"), origin);
    }
    program.stop();

    for (text, expected) in [
        ("prot = 1", "did you mean port?"),
        ("port = \"many\"", "says port = many"),
        ("port = ", "cruxboard.toml"),
        ("keep_erased = \"soon\"", "soon is not a duration"),
        ("allow_origin = \"board\"", "board is not an origin"),
        ("identity_header = \"X-User\"", "--trusted-proxy"),
        (
            "identity_header = \"X-User\"\ntrusted_proxy = \"proxy\"",
            "not the address of a proxy",
        ),
        (
            "identity_header = \"X User\"\ntrusted_proxy = \"::1\"",
            "header",
        ),
        ("identity_rights = \"all\"", "says identity_rights = all"),
    ] {
        fs::write(&file, format!("dir = {dist:?}\n{text}\n")).unwrap();
        let mut serve = home.command(&["serve", "--config", file.to_str().unwrap()]);
        let refused = serve.env_remove("CRUXBOARD_ALLOW_ORIGIN").output().unwrap();
        assert!(!refused.status.success(), "{text}");
        let errors = String::from_utf8(refused.stderr).unwrap();
        assert!(errors.contains(expected), "{text}: {errors}");
    }
    // Every line of the sample file is valid.
    let example = include_str!("../../../../deploy/cruxboard.toml");
    let lines = example.lines().filter_map(|line| line.strip_prefix("# "));
    let mut settings: Vec<_> = lines.filter(|line| line.contains(" = ")).collect();
    settings.sort();
    settings.dedup_by_key(|line| line.split(' ').next());
    assert!(settings.len() >= 10, "{settings:?}");
    let wrong = [settings.join("\n"), "zoo = 1".to_owned()].join("\n");
    fs::write(&file, wrong).unwrap();
    let refused = home.run(&["serve", "--config", file.to_str().unwrap()]);
    let errors = String::from_utf8(refused.stderr).unwrap();
    assert!(errors.contains("no setting zoo"), "{errors}");
    let missing = home.run(&["serve", "--config", "/nowhere.toml"]);
    let errors = String::from_utf8(missing.stderr).unwrap();
    assert!(errors.contains("cannot read /nowhere.toml"), "{errors}");
}

#[test]
fn help_has_first_steps_and_the_variable_of_each_option() {
    let home = Home::new();
    let help = home.said(&["--help"]);
    for word in [
        "cruxboard serve",
        "boards",
        "board  ",
        "token create",
        "rewind",
        "cruxboard backup",
        "-wal",
        "cruxboard.toml",
        "environment",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
    let help = home.said(&["serve", "--help"]);
    for word in [
        "--database",
        "postgres://",
        "CRUXBOARD_PORT",
        "--identity-header",
        "--trusted-proxy",
        "--keep-erased",
        "--config",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
}
