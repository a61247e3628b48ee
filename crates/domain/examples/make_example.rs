//! Prints the worked example that the app ships in a language: `cargo run -p cruxboard-domain --example
//! make_example -- en > public/example.cruxboard.json`, or `-- de > public/example.de.cruxboard.json`.

mod worked_example;

use std::io::{Error, Write};

use worked_example::{Language, worked_example};

fn main() -> std::io::Result<()> {
    let language = match std::env::args().nth(1).as_deref() {
        None | Some("en") => Language::English,
        Some("de") => Language::German,
        Some(other) => {
            let problem = format!("there is no example in the language {other}");
            return Err(Error::other(problem));
        }
    };
    std::io::stdout().write_all(worked_example(language).as_bytes())
}
