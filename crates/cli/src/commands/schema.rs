//! `gangplank schema`: the JSON Schemas, for editors and tools.

use crate::args::{SchemaArgs, SchemaName};
use crate::exit::Exit;
use crate::printer;

pub(super) fn run(args: &SchemaArgs) -> Exit {
    let schema = match args.name {
        SchemaName::Manifest => gangplank_manifest::schema(),
        SchemaName::Plan => gangplank_model::file::plan_v1::schema(),
        SchemaName::Apply => gangplank_model::file::applied_v1::schema(),
        SchemaName::Problems => gangplank_model::file::problems_v1::schema(),
        SchemaName::Receipts => gangplank_model::file::receipts_v1::schema(),
        SchemaName::World => gangplank_sandbox::World::schema(),
        SchemaName::Faults => gangplank_sandbox::FaultRule::schema(),
        SchemaName::Ledger => gangplank_sandbox::Ledger::schema(),
    };
    let text =
        serde_json::to_string_pretty(&schema).expect("a schema is made of texts and numbers");
    printer::result(&text);
    Exit::Done
}
