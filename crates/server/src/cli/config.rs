//! Reads options from a TOML file.
//!
//! The options become the default values of the arguments. The command line and the environment therefore
//! take precedence, and clap validates all of them.

use std::{
    any::TypeId,
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use clap::{ArgMatches, Command, CommandFactory as _, FromArgMatches as _};
use strsim::levenshtein;
use toml::Value;

use super::Arguments;

/// Parses the command line, the environment and the configuration file.
///
/// # Errors
/// If the file cannot be read. Invalid arguments end the process with clap's message.
pub(crate) fn arguments() -> anyhow::Result<Arguments> {
    let typed: Vec<OsString> = env::args_os().collect();
    let mut command = Arguments::command();
    let mut settings = Settings::default();
    if let Some(file) = config_path(&typed, env::var_os("CRUXBOARD_CONFIG")) {
        settings = Settings::read(&file, &command)?;
        command = settings.set_defaults(command);
    }
    let matches = command.try_get_matches_from_mut(typed);
    let matches: ArgMatches = matches.unwrap_or_else(|error| {
        settings.print_origin(&error);
        error.exit()
    });
    Ok(Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit()))
}

/// Finds the path of the configuration file, before clap parses the arguments.
fn config_path(typed: &[OsString], from_environment: Option<OsString>) -> Option<PathBuf> {
    let mut words = typed.iter().skip(1);
    while let Some(word) = words.next() {
        if word == "--" {
            break;
        }
        if word == "--config" {
            return words.next().map(PathBuf::from);
        }
        let file = word
            .to_str()
            .and_then(|word| word.strip_prefix("--config="));
        if let Some(file) = file {
            return Some(file.into());
        }
    }
    from_environment
        .filter(|file| !file.is_empty())
        .map(PathBuf::from)
}

/// The settings of a configuration file.
#[derive(Default)]
struct Settings {
    file: PathBuf,
    /// Values by the long name of the option.
    values: Vec<(String, Vec<String>)>,
}

impl Settings {
    fn read(file: &Path, command: &Command) -> anyhow::Result<Self> {
        let text =
            fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let values = parse(&text, &file_options(command));
        Ok(Self {
            file: file.to_owned(),
            values: values.with_context(|| file.display().to_string())?,
        })
    }

    /// Makes the settings default values of the arguments with these names.
    fn set_defaults(&self, command: Command) -> Command {
        command.mut_subcommands(|command| {
            let command = self.set_defaults(command);
            command.mut_args(|argument| {
                let set = self.values.iter();
                let mut set = set.filter(|(name, _)| argument.get_long() == Some(name));
                match set.next() {
                    Some((_, values)) => argument.default_values(values.clone()),
                    None => argument,
                }
            })
        })
    }

    /// Prints where an invalid value comes from, if it is from the file.
    fn print_origin(&self, error: &clap::Error) {
        let text = error.to_string();
        let about = |name: &str| {
            let option = format!("'--{name} ");
            text.contains(&option)
        };
        for (name, values) in self.values.iter().filter(|(name, _)| about(name)) {
            eprintln!(
                "note: {} says {} = {}",
                self.file.display(),
                name.replace('-', "_"),
                values.join(", ")
            );
        }
    }
}

/// An option that can be set in a file.
struct FileOption {
    name: String,
    /// Whether it takes any text; an unquoted number is then a mistake.
    is_text: bool,
}

/// Returns the options that can be set in a file: those of `serve`.
fn file_options(command: &Command) -> Vec<FileOption> {
    let serve = command.find_subcommand("serve");
    let arguments = serve.into_iter().flat_map(Command::get_arguments);
    arguments
        .filter_map(|argument| {
            let name = argument.get_long()?;
            let kind = argument.get_value_parser().type_id();
            let texts = [TypeId::of::<String>(), TypeId::of::<PathBuf>()];
            Some(FileOption {
                name: name.to_owned(),
                is_text: texts.iter().any(|text| kind == *text),
            })
        })
        .filter(|known| !["config", "help", "version"].contains(&known.name.as_str()))
        .collect()
}

fn parse(text: &str, known: &[FileOption]) -> anyhow::Result<Vec<(String, Vec<String>)>> {
    let table: toml::Table = text.parse()?;
    let mut values = Vec::new();
    for (key, value) in table {
        let name = key.replace('_', "-");
        let Some(option) = known.iter().find(|known| known.name == name) else {
            bail!("{}", unknown(&key, known));
        };
        if option.is_text && matches!(value, Value::Integer(_) | Value::Boolean(_)) {
            let found = plain(&value).unwrap_or_default();
            bail!("{key} takes a text in quotation marks, not {found}");
        }
        let value = match value {
            Value::Array(values) => values.iter().map(plain).collect(),
            value => plain(&value).map(|value| vec![value]),
        };
        let value = value.with_context(|| {
            format!("{key} takes a text, a number, true or false, or a list of texts")
        })?;
        values.push((name, value));
    }
    Ok(values)
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Boolean(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn unknown(key: &str, known: &[FileOption]) -> String {
    /// Largest edit distance of a suggestion.
    const MAX_DISTANCE: usize = 3;
    let name = key.replace('_', "-");
    let known: Vec<&str> = known.iter().map(|known| known.name.as_str()).collect();
    let nearest = known.iter().min_by_key(|known| levenshtein(&name, known));
    match nearest.filter(|known| levenshtein(&name, known) <= MAX_DISTANCE) {
        Some(nearest) => format!(
            "there is no setting {key}; did you mean {}?",
            nearest.replace('-', "_")
        ),
        None => format!(
            "there is no setting {key}; there are {}",
            known.join(", ").replace('-', "_")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_is_an_option_and_others_are_refused_with_the_nearest_name() {
        let known = file_options(&Arguments::command());
        let result = |text: &str| match parse(text, &known) {
            Ok(values) => format!("{values:?}"),
            Err(error) => error.to_string(),
        };
        for (text, expected) in [
            ("", "[]"),
            ("port = 80", r#"[("port", ["80"])]"#),
            ("host = \"::1\"", r#"[("host", ["::1"])]"#),
            (
                "allow_origin = [\"https://a.example\", \"https://b.example\"]",
                r#"[("allow-origin", ["https://a.example", "https://b.example"])]"#,
            ),
            ("prot = 80", "did you mean port?"),
            ("databse = \"x\"", "did you mean database?"),
            ("allow_origins = []", "did you mean allow_origin?"),
            ("colour = \"red\"", "there are "),
            ("config = \"x\"", "no setting config"),
            ("port = 1.5", "port takes"),
            ("[port]\nx = 1", "port takes"),
            (
                "database = 5",
                "database takes a text in quotation marks, not 5",
            ),
            ("dir = true", "dir takes a text"),
            ("port = ", "TOML"),
        ] {
            let found = result(text);
            assert!(found.contains(expected), "{text}: {found}");
        }
    }

    #[test]
    fn the_file_is_found_among_the_arguments() {
        for (typed, variable, expected) in [
            (&["cruxboard", "serve"][..], None, None),
            (&["cruxboard", "--config", "a", "serve"], None, Some("a")),
            (&["cruxboard", "serve", "--config=a"], Some("b"), Some("a")),
            (&["cruxboard", "serve"], Some("b"), Some("b")),
            (&["cruxboard", "serve"], Some(""), None),
            (&["cruxboard", "--", "--config", "a"], None, None),
        ] {
            let words: Vec<OsString> = typed.iter().map(OsString::from).collect();
            let found = config_path(&words, variable.map(OsString::from));
            assert_eq!(found.as_deref(), expected.map(Path::new), "{typed:?}");
        }
    }
}
