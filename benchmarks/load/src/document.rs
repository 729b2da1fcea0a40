//! Everything in one run: checks first, then every figure, as one document and one chart.

use std::fs;

use crate::{
    Result, apps, chart, cpu, footprint, latency, memory,
    options::Options,
    parity::Unserved,
    report, soak,
    table::Table,
    verify::{self, Verified},
};

const TITLE: &str = "Out-of-order streaming: what a page costs the server";

pub(crate) async fn run(options: &Options) -> Result {
    let Verified { unserved, bytes } = verify::run(options).await?;
    report(&head(options, &unserved))?;
    let mut panels = cpu::run(options, &unserved).await?;
    latency::run(options, &unserved).await?;
    panels.push(memory::run(options, &unserved).await?);
    soak::run(options, &unserved).await?;
    panels.push(footprint::run(options).await?);
    report(&bytes)?;
    panels.extend(apps::run(options).await?);
    if let Some(path) = &options.chart {
        fs::write(path, chart::draw(TITLE, &options.notes, &panels))?;
    }
    Ok(())
}

/// Where the figures come from, and what has none.
fn head(options: &Options, unserved: &[Unserved]) -> String {
    let mut text = String::from("# Results\n\n");
    for note in &options.notes {
        text.push_str(&format!("- {note}\n"));
    }
    if let Some(name) = options.chart.as_deref().and_then(|path| path.file_name()) {
        text.push_str(&format!("\n![{TITLE}]({})\n", name.to_string_lossy()));
    }
    text.push_str("\nA dash stands for what was not measured:\n\n");
    let mut table = Table::new(["what", "why"]);
    for missing in &options.roster.missing {
        table.row(&missing.name, ["everything".into(), missing.reason.clone()]);
    }
    for Unserved { peer, path, reason } in unserved {
        table.row(peer, [path[1..].into(), reason.clone()]);
    }
    text + &table.finish()
}
