//! `Page`: a page that is made of escaped text alone, and may run one script of its own.

use axum::http::{HeaderValue, StatusCode, header};
use uuid::Uuid;

use super::escape::escape;
use crate::reply::Reply;

const STYLE: &str = include_str!("page.css");

/// Tells the window that opened this one, or the page around it.
const SCRIPT: &str = include_str!("page.js");

/// A page under construction.
#[derive(Debug)]
pub(super) struct Page {
    status: StatusCode,
    title: String,
    body: String,
    /// Message and origin for the script.
    posts: Option<(String, String)>,
}

/// How a link looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// What most people want.
    Primary,
    /// The other choice.
    Plain,
}

impl Page {
    pub(super) fn new(title: &str) -> Self {
        Self {
            status: StatusCode::OK,
            title: title.to_owned(),
            body: String::new(),
            posts: None,
        }
    }

    fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    fn element(&mut self, tag: &str, text: &str) {
        for part in ["<", tag, ">", &escape(text), "</", tag, ">\n"] {
            self.body.push_str(part);
        }
    }

    pub(super) fn heading(mut self, text: &str) -> Self {
        self.element("h1", text);
        self
    }

    pub(super) fn section(mut self, text: &str) -> Self {
        self.element("h2", text);
        self
    }

    pub(super) fn paragraph(mut self, text: &str) -> Self {
        self.element("p", text);
        self
    }

    /// Names and values.
    pub(super) fn facts(mut self, facts: &[(&str, &str)]) -> Self {
        self.body.push_str("<dl>\n");
        for (name, value) in facts {
            self.element("dt", name);
            self.element("dd", value);
        }
        self.body.push_str("</dl>\n");
        self
    }

    /// Rows of a title and a note.
    pub(super) fn list(mut self, rows: &[(String, String)]) -> Self {
        self.body.push_str("<ul>\n");
        for (title, note) in rows {
            self.body.push_str("<li>");
            self.element("strong", title);
            self.element("span", note);
            self.body.push_str("</li>\n");
        }
        self.body.push_str("</ul>\n");
        self
    }

    /// Links that look like buttons. `href` is one of the sandbox's own paths.
    pub(super) fn choices(mut self, choices: &[(&str, String, Look)]) -> Self {
        self.body.push_str("<p class=\"choices\">\n");
        for (text, href, look) in choices {
            let class = match look {
                Look::Primary => "primary",
                Look::Plain => "plain",
            };
            let (text, href) = (escape(text), escape(href));
            let parts = [
                "<a class=\"",
                class,
                "\" href=\"",
                &href,
                "\">",
                &text,
                "</a>\n",
            ];
            self.body.extend(parts);
        }
        self.body.push_str("</p>\n");
        self
    }

    /// Makes the page post a message to the window that waits for it, if that has the origin.
    pub(super) fn posting(mut self, message: &str, origin: &str) -> Self {
        self.posts = Some((message.to_owned(), origin.to_owned()));
        self
    }

    pub(super) fn reply(self) -> Reply {
        let nonce = Uuid::new_v4().simple().to_string();
        let (data, script) = match &self.posts {
            None => (String::new(), String::new()),
            Some((message, origin)) => (
                format!(
                    " data-message=\"{}\" data-origin=\"{}\"",
                    escape(message),
                    escape(origin)
                ),
                format!("<script nonce=\"{nonce}\">{SCRIPT}</script>\n"),
            ),
        };
        let (title, body) = (escape(&self.title), &self.body);
        let text = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<style nonce=\"{nonce}\">{STYLE}</style>\n</head>\n\
             <body{data}>\n<main>\n{body}</main>\n\
             <footer>Gangplank sandbox. Nothing here is real.</footer>\n{script}</body>\n</html>\n"
        );
        let policy = format!(
            "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; \
             base-uri 'none'; form-action 'none'"
        );
        let mut reply = Reply::empty();
        reply.status = self.status;
        reply.body = text.into_bytes();
        let mut set = |name, value: HeaderValue| reply.headers.insert(name, value);
        set(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        set(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        set(
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        );
        if let Ok(policy) = HeaderValue::try_from(policy) {
            set(header::CONTENT_SECURITY_POLICY, policy);
        }
        reply
    }
}

/// The vendor's page for a link that was used, has expired or is not valid (cyclr-api.md 5).
pub(super) fn forbidden() -> Reply {
    Page::new("403 – Forbidden: Access is denied.")
        .with_status(StatusCode::FORBIDDEN)
        .heading("403 – Forbidden: Access is denied.")
        .paragraph("This link works once, and for five minutes. Please ask for a new one.")
        .reply()
}

/// A page for an address that cannot work.
pub(super) fn bad_request(problem: &str) -> Reply {
    Page::new("400 – Bad Request")
        .with_status(StatusCode::BAD_REQUEST)
        .heading("400 – Bad Request")
        .paragraph(problem)
        .reply()
}

/// Sends the browser elsewhere.
pub(super) fn redirect(location: &str) -> Reply {
    let Ok(location) = HeaderValue::try_from(location) else {
        return bad_request("The address to go on to is not valid.");
    };
    let mut reply = Reply::empty();
    reply.status = StatusCode::FOUND;
    reply.headers.insert(header::LOCATION, location);
    let no_store = HeaderValue::from_static("no-store");
    reply.headers.insert(header::CACHE_CONTROL, no_store);
    reply
}
