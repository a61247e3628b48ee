//! Prints the worked example that the app ships: `cargo run -p cruxboard-domain --example make_example >
//! public/example.cruxboard.json`.

mod worked_example;

use std::io::Write;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(worked_example::worked_example().as_bytes())
}
