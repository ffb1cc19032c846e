//! What the YAML parser says, in the words of whoever writes a manifest.

/// What the parser says, what that means, and what to do.
const KNOWN: [(&str, &str, &str); 20] = [
    (
        "unknown anchor",
        "No `&` above has the name of this `*`.",
        "to write a text that starts with `*`, put it in quotes",
    ),
    (
        "unexpected character",
        "No text without quotes starts with this sign.",
        "put the whole text in quotes",
    ),
    (
        "mapping values are not allowed",
        "A `: ` stands where no key can be.",
        "put a text with `: ` in it in quotes; or look at how far this line and the one above are indented",
    ),
    (
        "',' or '}'",
        "A `,` or the closing `}` is missing before this.",
        "close what was opened with `{`, and put a `,` between two entries",
    ),
    (
        "',' or ']'",
        "A `,` or the closing `]` is missing before this.",
        "close what was opened with `[`, and put a `,` between two items",
    ),
    (
        "trailing content after",
        "Text follows the closing quote.",
        "put the whole text in quotes; a quote inside of it is written '' in single and \\\" in double quotes",
    ),
    (
        "hexadecimal number",
        "A backslash in double quotes starts an escape.",
        "write two backslashes, or put the text in single quotes",
    ),
    (
        "Unicode character escape",
        "This escape is not a character.",
        "write the character itself",
    ),
    (
        "unknown escape",
        "A backslash in double quotes starts an escape.",
        "write two backslashes, or put the text in single quotes",
    ),
    (
        "expect ':'",
        "A key lacks its `: `.",
        "write `key: value`, with a blank after the colon",
    ),
    (
        "quoted scalar",
        "A quoted text does not end where it should.",
        "close the quote; a quote inside is written '' in single and \\\" in double quotes",
    ),
    (
        "byte order mark",
        "A byte order mark stands in the middle of the file.",
        "delete this invisible sign; files that are put together leave it behind",
    ),
    (
        "handle wasn't declared",
        "Tags, which start with `!`, are not part of the language.",
        "leave it out; a text that starts with `!` is put in quotes",
    ),
    (
        "tag",
        "Tags, which start with `!`, are not part of the language.",
        "leave it out; a text that starts with `!` is put in quotes",
    ),
    (
        "anchor or alias",
        "A `&` or `*` needs a name behind it.",
        "to write a text that starts with this sign, put it in quotes",
    ),
    (
        "block scalar",
        "The text after `|` or `>` is not in its form.",
        "start it on the next line, indented with spaces",
    ),
    (
        "tab",
        "A tab stands where a space belongs.",
        "put spaces in its place",
    ),
    (
        "directive",
        "A line that starts with `%` is for the reader of YAML, and this one has no meaning.",
        "leave the line out",
    ),
    (
        "block",
        "What stands here is neither the next entry nor part of the last one.",
        "put it below the first letter of the lines that it belongs to; start an item with `- `",
    ),
    (
        "indentation",
        "The line is indented too little for what was begun above.",
        "indent it with more spaces than the key above",
    ),
];

/// What the parser's words mean to somebody who writes a manifest, and what to do.
pub(crate) fn words(info: &str) -> (&'static str, &'static str) {
    let known = KNOWN.into_iter().find(|(said, _, _)| info.contains(said));
    known.map_or(
        (
            "What stands here fits nothing that was begun.",
            "look at the quotes, brackets and indentation here and in the line above",
        ),
        |(_, meaning, remedy)| (meaning, remedy),
    )
}
