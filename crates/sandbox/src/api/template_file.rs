//! `/templates/{id}/export` and `/templates/import` (cyclr-api.md 2.7).

use serde_json::{Map, Value};
use uuid::Uuid;

use super::prefill;
use crate::body::TemplateFile;
use crate::call::{Call, Draft};
use crate::input::{Given, Input};
use crate::ledger::Action;
use crate::lenient;
use crate::openapi::{Need, Operation, Parameter};
use crate::reply::{Outcome, Refusal, Reply};
use crate::view::{TemplateExportView, TemplateOptions, TemplateView, named_enumerations};
use crate::world::{Connector, Template, TemplateEdge};

const ID: Parameter = Parameter::guid("id", "The template's id.");
const FOLDER: Parameter = Parameter::guid("folderid", "A folder of the console.");

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /templates/{id}/export",
        "exportTemplate",
        "Shows a template as a file.",
        "2.7",
    )
    .path(&[ID])
    .answers::<TemplateExportView<'_>>("The file."),
    Operation::new(
        "POST /templates/import",
        "importTemplate",
        "Makes a template of a file.",
        "2.7",
    )
    .says("Releases of connectors that the library lacks are added to it.")
    .query(&[&[FOLDER]])
    .reads::<TemplateFile>(Need::Required, r#"{"Name": "Orders", "Steps": []}"#)
    .answers::<TemplateView<'_>>("The template.")
    .refuses(&[(
        400,
        "The folder is malformed or unknown, or the file is none.",
    )]),
];

/// One that is not published can be exported too.
pub(crate) fn export(call: &mut Call<'_>) -> Outcome {
    let template = call.instance.library.template(call.guid(0)?);
    let template = template.ok_or_else(|| Refusal::missing("Template"))?;
    Ok(Reply::json(&TemplateExportView::new(
        call.instance,
        template,
    )))
}

/// Every import makes another template. The folder is checked before the body.
pub(crate) fn import(call: &mut Call<'_>) -> Outcome {
    let folder_id = folder(call)?;
    let failed = || Refusal::bad_request("Failed to import template.");
    let input = Input::parse(call.body).ok().flatten().ok_or_else(failed)?;
    input.list("Steps").map_err(|_| failed())?;
    let mut file = Value::Object(input.fields().clone());
    named_enumerations(&mut file);
    let file = Input::from(file.as_object().cloned().unwrap_or_default());
    let mut template = read_template(&file).ok_or_else(failed)?;
    prefill::import(call, &mut template, &input)?;
    let id = call.instance.next_guid("template");
    template.id.clone_from(&id);
    template.folder_id = folder_id;
    template.imported = true;
    let releases = file.list("ExportedConnectors").map(Given::value);
    let releases = releases.unwrap_or_default().unwrap_or_default();
    let releases = releases
        .iter()
        .filter_map(|row| lenient::read::<Connector>(&Value::Object(row.fields().clone())));
    let releases = releases.collect();
    call.commits.push(Draft {
        action: Action::Created,
        kind: "template",
        key: template.name.clone(),
        id: id.clone(),
    });
    call.instance.import(template, releases);
    let template = call.instance.library.template(&id).ok_or_else(failed)?;
    let options = TemplateOptions {
        icons: true,
        ..TemplateOptions::default()
    };
    Ok(Reply::json(&TemplateView::new(
        call.instance,
        template,
        options,
    )))
}

/// The folder of the query, in the console's list (cyclr-api.md 5).
fn folder(call: &Call<'_>) -> Result<Option<String>, Refusal> {
    let Some(given) = call.query.get("folderid") else {
        return Ok(None);
    };
    let wanted =
        Uuid::try_parse(given.trim()).map_err(|_| Refusal::bad_request("Folder ID is invalid."))?;
    let mut folders = call.instance.folders.iter();
    let found = folders.find(|folder| Uuid::try_parse(&folder.id).ok() == Some(wanted));
    let unknown = || Refusal::bad_request("Folder with provided ID could not be found.");
    Ok(Some(found.ok_or_else(unknown)?.id.clone()))
}

/// Reads the template of a file; nothing when the file is not one.
fn read_template(file: &Input) -> Option<Template> {
    let versioned = file.object("VersionedCycle").ok()?;
    let name = file.text("Name").ok()?.value()?;
    let mut parts = Map::new();
    parts.insert("Name".to_owned(), name.into());
    for (key, value) in file.fields().iter().chain(versioned.fields()) {
        let kept = [
            "Description",
            "Connectors",
            "Steps",
            "Variables",
            "Published",
            "Tags",
        ];
        let known = kept.iter().find(|known| known.eq_ignore_ascii_case(key));
        if let Some(known) = known.filter(|_| !value.is_null()) {
            parts.insert((*known).to_owned(), value.clone());
        }
    }
    let mut template = lenient::read::<Template>(&Value::Object(parts))?;
    read_edges(file, &mut template)?;
    let names: Vec<_> = template
        .steps
        .iter()
        .map(|step| (step.id.clone(), step.name.clone()))
        .collect();
    for step in &mut template.steps {
        for target in step.parameters.iter_mut().chain(&mut step.fields) {
            let source = target.source_step_id.as_deref().unwrap_or_default();
            let mut ids = names.iter().filter(|(id, _)| !id.is_empty());
            if let Some((_, name)) = ids.find(|(id, _)| id.eq_ignore_ascii_case(source)) {
                target.source_step_id = Some(name.clone());
            }
        }
    }
    Some(template)
}

/// Which step follows which, by name; not said when each follows the one before it.
fn read_edges(file: &Input, template: &mut Template) -> Option<()> {
    let Some(rows) = file.list("Edges").ok()?.value() else {
        return Some(());
    };
    let steps = &template.steps;
    let named = |row: &Input, key: &str| {
        let id = row.text(key).ok()?.value()?;
        let mut steps = steps.iter();
        let step = steps.find(|step| step.id.eq_ignore_ascii_case(&id));
        Some(step?.name.clone())
    };
    let edges = rows.iter().filter_map(|row| {
        Some(TemplateEdge {
            from: named(row, "FromStepId")?,
            to: named(row, "ToStepId")?,
        })
    });
    let edges: Vec<_> = edges.collect();
    let chain = steps.iter().zip(steps.iter().skip(1));
    let chain = chain.map(|(one, next)| TemplateEdge {
        from: one.name.clone(),
        to: next.name.clone(),
    });
    let is_chain = edges == chain.collect::<Vec<_>>();
    template.edges = (!is_chain).then_some(edges);
    Some(())
}
