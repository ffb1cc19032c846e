//! `gangplank explain ADDRESS[.field] PATH...`: where the values of an account come from.

use crate::args::{ExplainArgs, Format};
use crate::exit::Exit;
use crate::flow;
use crate::printer::{self, Printer};
use crate::sources::Disk;
use gangplank_manifest::{
    ArgumentRead, Explained, ExplainedObject, ExplainedValue, FieldPath, Given, Standing, load,
};
use gangplank_model::suggest::did_you_mean;
use gangplank_model::{Address, ObjectPath, Origin};
use gangplank_report::escape;
use serde_json::{Value, json};

pub(super) fn run(subject: &str, args: &ExplainArgs, printer: Printer) -> Exit {
    let (address, field) = match split(subject) {
        Ok(split) => split,
        Err(reason) => {
            printer.error(&format!("{subject}: {reason}"));
            printer::hint(
                "an address is account[\"acme\"].connector[\"HubSpot\"].properties.Subdomain",
            );
            return Exit::Invalid;
        }
    };
    if args.paths.is_empty() {
        printer.error("an address is explained from manifests, and none is named");
        printer::hint("name them after the address: a file, a directory or `-`");
        return Exit::Invalid;
    }
    let (manifest, mut diagnostics) = load(&Disk, &args.paths);
    let (explained, more) = manifest.explain(args.instance.as_deref(), &address.account);
    diagnostics.extend(more);
    if let Err(exit) = flow::tell(&diagnostics, &manifest, printer) {
        return exit;
    }
    let explained = match explained {
        Ok(explained) => explained,
        Err(ids) => {
            printer.error(&format!(
                "the manifests have no account {:?}",
                address.account.as_str()
            ));
            if let Some(origin) = manifest.dropped(&address.account) {
                printer::hint(&format!(
                    "the row at {}:{} has this id, and `where` drops it",
                    origin.file, origin.line
                ));
                return Exit::Invalid;
            }
            let ids = ids.iter().map(String::as_str);
            if let Some(hint) = did_you_mean(address.account.as_str(), ids) {
                printer::hint(&hint);
            }
            return Exit::Invalid;
        }
    };
    match narrowed(&explained, &address, &field) {
        Ok(objects) => {
            printer::result(&match args.format {
                Format::Text => text(&explained.layers, &objects, printer.width),
                Format::Json => document(&explained.layers, &objects),
            });
            Exit::Done
        }
        Err((reason, hint)) => {
            printer.error(&reason);
            if let Some(hint) = hint {
                printer::hint(&hint);
            }
            Exit::Invalid
        }
    }
}

/// The address and what follows it.
fn split(text: &str) -> Result<(Address, FieldPath), String> {
    // A name may hold brackets, so that the longest address is the one that is meant.
    let ends = text.rmatch_indices(']').map(|(at, _)| at + 1);
    for end in ends {
        if let Ok(address) = text[..end].parse::<Address>() {
            let field = FieldPath::parse(&text[end..]).map_err(|at| {
                let at = text[..end].chars().count() + at;
                format!("expected `.key` or `[\"key\"]` at character {at}")
            })?;
            return Ok((address, field));
        }
    }
    let error = text.parse::<Address>().err();
    Err(error.map(|error| error.to_string()).unwrap_or_default())
}

/// An object, and those of its values that were asked for.
type Asked<'a> = (&'a ExplainedObject, Vec<&'a ExplainedValue>);

/// What was asked for: an account with all that is in it, one object, or one value. `Err` has what is
/// wrong and what was meant.
fn narrowed<'a>(
    explained: &'a Explained,
    address: &Address,
    field: &FieldPath,
) -> Result<Vec<Asked<'a>>, (String, Option<String>)> {
    let all = address.object == ObjectPath::Account && field.0.is_empty();
    let fitting = explained.objects.iter();
    let objects: Vec<_> = fitting.filter(|it| all || it.address == *address).collect();
    if objects.is_empty() {
        let names = explained.objects.iter().map(|it| it.address.to_string());
        let names: Vec<String> = names.collect();
        let meant = did_you_mean(&address.to_string(), names.iter().map(String::as_str));
        let listed = || format!("there are {}", names.join(", "));
        return Err((
            format!("the account has no {address}"),
            meant.or_else(|| Some(listed())),
        ));
    }
    let of = |object: &'a ExplainedObject| {
        let values = object.values.iter();
        values
            .filter(|value| field.leads_to(&value.path))
            .collect::<Vec<_>>()
    };
    let asked: Vec<Asked<'a>> = objects
        .into_iter()
        .map(|object| (object, of(object)))
        .collect();
    if asked.iter().all(|(_, values)| values.is_empty()) && !field.0.is_empty() {
        let names = asked.iter().flat_map(|(object, _)| &object.values);
        let names: Vec<String> = names.map(|value| value.path.to_string()).collect();
        let meant = did_you_mean(&field.to_string(), names.iter().map(String::as_str));
        let listed = || format!("there are {}", names.join(", "));
        let reason = format!("nothing is said of {field} in {address}");
        return Err((reason, meant.or_else(|| Some(listed()))));
    }
    Ok(asked)
}

fn text(layers: &[String], objects: &[Asked<'_>], width: usize) -> String {
    let mut lines = Vec::new();
    for (object, values) in objects {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(escape::line(&object.address.to_string()));
        lines.push(format!("  at {}", escape::line(&object.origin.to_string())));
        if object.address.object == ObjectPath::Account {
            lines.push(format!("  layers: {}", escape::line(&layers.join(", "))));
        }
        for value in values {
            lines.push(String::new());
            let head = match &value.value {
                Some(text) => format!("{} = {text}", value.path),
                None => format!("{} is not set", value.path),
            };
            lines.push(format!("  {}", escape::line(&head)));
            lines.extend(from(value, width));
        }
    }
    lines.join("\n")
}

/// The lines below a value: the layer that counts, and those under it.
fn from(value: &ExplainedValue, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let longest = value
        .given
        .iter()
        .map(|given| given.layer.chars().count())
        .max();
    let beside = longest.unwrap_or_default();
    if value.given.is_empty() {
        lines.push(match (&value.origin, &value.column) {
            (Some(origin), Some(column)) => format!("    > row {origin}, column {column:?}"),
            (Some(origin), None) => format!("    > {origin}"),
            (None, _) => "    > written nowhere: it follows from the others".to_owned(),
        });
    }
    for given in &value.given {
        let symbol = if counts(given.standing) { '>' } else { ' ' };
        let place = format!("    {symbol} {:beside$}  {}", given.layer, given.origin);
        let said = format!("{}{}", given.written, standing(given, value));
        if place.chars().count() + 2 + said.chars().count() <= width {
            lines.push(format!("{place}  {said}"));
        } else {
            lines.push(place);
            lines.push(format!("          {said}"));
        }
        if counts(given.standing) || given.standing == Standing::Empty {
            lines.extend(given.arguments.iter().map(read));
        }
    }
    lines.iter().map(|line| escape::line(line)).collect()
}

/// An argument that is read, and where it was given.
fn read(argument: &ArgumentRead) -> String {
    let name = &argument.name;
    match (&argument.value, &argument.origin) {
        (Some(value), Some(origin)) => format!("          argument.{name} = {value}  {origin}"),
        (Some(value), None) => format!("          argument.{name} = {value}"),
        (None, _) => format!("          argument.{name} has no value"),
    }
}

fn counts(standing: Standing) -> bool {
    matches!(
        standing,
        Standing::Counts | Standing::Computed | Standing::Normalised
    )
}

fn standing(given: &Given, value: &ExplainedValue) -> String {
    match given.standing {
        Standing::Counts => String::new(),
        Standing::Overridden => "  (overridden)".to_owned(),
        Standing::Empty if given.arguments.is_empty() => "  (its cell is empty)".to_owned(),
        Standing::Empty => "  (has no value)".to_owned(),
        Standing::Declares => "  (declares it, without a value)".to_owned(),
        Standing::Normalised => "  (as the instance keeps it)".to_owned(),
        Standing::Computed => match (&value.origin, &value.column) {
            (Some(origin), Some(column)) => format!("  (computed: {origin}, column {column:?})"),
            // A property's place is that of its key.
            (Some(origin), None)
                if (&origin.file, origin.line) != (&given.origin.file, given.origin.line) =>
            {
                format!("  (computed: {origin})")
            }
            _ => "  (computed)".to_owned(),
        },
    }
}

fn document(layers: &[String], objects: &[Asked<'_>]) -> String {
    let place = |origin: &Origin| json!({ "file": &*origin.file, "line": origin.line, "column": origin.column });
    let argument = |argument: &ArgumentRead| {
        json!({
            "name": argument.name,
            "value": argument.value,
            "at": argument.origin.as_ref().map(place),
        })
    };
    let given = |given: &Given| {
        json!({
            "layer": given.layer,
            "written": given.written,
            "at": place(&given.origin),
            "standing": word(given.standing),
            "arguments": given.arguments.iter().map(argument).collect::<Vec<Value>>(),
        })
    };
    let value = |value: &&ExplainedValue| {
        json!({
            "field": value.path.to_string(),
            "path": value.path.0,
            "value": value.value,
            "at": value.origin.as_ref().map(place),
            "roster_column": value.column,
            "given": value.given.iter().map(given).collect::<Vec<Value>>(),
        })
    };
    let object = |(object, values): &Asked<'_>| {
        json!({
            "address": object.address.to_string(),
            "at": place(&object.origin),
            "values": values.iter().map(value).collect::<Vec<Value>>(),
        })
    };
    let objects: Vec<Value> = objects.iter().map(object).collect();
    let document = json!({ "format_version": "1.0", "layers": layers, "objects": objects });
    serde_json::to_string_pretty(&document).expect("texts and numbers")
}

fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Counts => "counts",
        Standing::Computed => "computed",
        Standing::Normalised => "normalised",
        Standing::Overridden => "overridden",
        Standing::Empty => "empty",
        Standing::Declares => "declares",
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn addresses_end_where_fields_begin() {
        for (text, address, field) in [
            ("account[\"a\"]", "account[\"a\"]", ""),
            ("account[\"a\"].name", "account[\"a\"]", "name"),
            (
                "account[\"a\"].connector[\"x].y\"].properties[\"A b\"]",
                "account[\"a\"].connector[\"x].y\"]",
                "properties[\"A b\"]",
            ),
        ] {
            let (found, path) = split(text).unwrap();
            assert_eq!(
                (found.to_string().as_str(), path.to_string().as_str()),
                (address, field)
            );
        }
        for (text, said) in [
            ("account[\"a", "not an address"),
            ("account[\"a\"].", "at character 14"),
            ("account[\"a\"]x", "at character 13"),
        ] {
            assert!(
                split(text).unwrap_err().contains(said),
                "{text}: {:?}",
                split(text)
            );
        }
    }
}
