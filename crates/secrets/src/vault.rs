//! Secrets from the key-value engines of Vault and OpenBao: a login, a mount, a read.

use crate::error::{SecretError, VaultError};
use crate::{Secrets, env, file};
use gangplank_model::{Secret, SecretRef, Value as Given, VaultAuth, VaultEngine, VaultSpec};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use std::error::Error as _;
use std::time::Duration;
use url::Url;

/// No answer is larger than this.
const LIMIT: usize = 1024 * 1024;
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a request may take.
const WHOLE: Duration = Duration::from_secs(10);
/// Why nothing came within that time.
const TOO_LONG: &str = "it took longer than 10 s";
/// Where a pod has its service account's token.
const POD_TOKEN: (&str, &str) = ("/var/run/secrets/kubernetes.io/serviceaccount", "token");

/// A vault, logged in to.
#[derive(Clone, Debug)]
pub(crate) struct Vault {
    http: Client,
    base: Url,
    headers: HeaderMap,
}

/// The fields of one secret.
pub(crate) type Fields = serde_json::Map<String, Value>;

impl Vault {
    /// Finds the server and logs in; `logins` holds what the login refers to.
    pub(crate) async fn open(spec: &VaultSpec, logins: &Secrets) -> Result<Self, VaultError> {
        let address = spec.address.clone().or_else(|| env::given("VAULT_ADDR"));
        let base = base_of(&address.ok_or(VaultError::NoAddress)?)?;
        let mut headers = HeaderMap::new();
        headers.insert("x-vault-request", HeaderValue::from_static("true"));
        let namespace = spec.namespace.clone();
        if let Some(namespace) = namespace.or_else(|| env::given("VAULT_NAMESPACE")) {
            insert(&mut headers, "x-vault-namespace", &namespace)?;
        }
        let http = client(spec, base.scheme() == "http")?;
        let mut vault = Self {
            http,
            base,
            headers,
        };
        let token = match &spec.auth {
            None => Secret::new(env::given("VAULT_TOKEN").ok_or(VaultError::NoToken)?),
            Some(auth) => vault.log_in(auth, logins).await?,
        };
        insert(&mut vault.headers, "x-vault-token", token.expose())?;
        Ok(vault)
    }

    async fn log_in(&self, auth: &VaultAuth, logins: &Secrets) -> Result<Secret, VaultError> {
        let value = |reference: &SecretRef| logins.get(reference).ok_or(VaultError::NoToken);
        let (mount, body) = match auth {
            VaultAuth::Token(reference) => return value(reference).cloned(),
            VaultAuth::AppRole {
                mount,
                role_id,
                secret_id,
            } => {
                let role_id = match role_id {
                    Given::Text(text) => text.as_str(),
                    Given::Secret(reference) => value(reference)?.expose(),
                };
                let secret_id = match secret_id {
                    Some(reference) => value(reference)?.expose(),
                    None => "",
                };
                (mount, json!({ "role_id": role_id, "secret_id": secret_id }))
            }
            VaultAuth::Kubernetes { mount, role, jwt } => {
                let jwt = match jwt {
                    Some(reference) => value(reference)?.clone(),
                    None => pod_token()?,
                };
                (mount, json!({ "role": role, "jwt": jwt.expose() }))
            }
        };
        let segments = ["auth"]
            .into_iter()
            .chain(mount.split('/'))
            .chain(["login"]);
        let request = self.http.post(self.url(segments)?).json(&body);
        let answer = match self.send(request, "this login").await {
            Err(VaultError::Status(status @ (400 | 401))) => {
                return Err(VaultError::LoginRefused(status));
            }
            Err(VaultError::Forbidden(_)) => return Err(VaultError::LoginRefused(403)),
            Err(VaultError::Missing) => return Err(VaultError::LoginRefused(404)),
            end => end?,
        };
        let token = answer["auth"]["client_token"].as_str();
        Ok(Secret::new(token.ok_or(VaultError::Answer)?.to_owned()))
    }

    /// Reads all fields of a secret, in one request, and one more where the engine's version is to
    /// be found out.
    pub(crate) async fn read(
        &self,
        path: &str,
        engine: Option<VaultEngine>,
    ) -> Result<Fields, VaultError> {
        // The mount is the first segment, unless the server says that it is longer.
        let first = path.split('/').next().unwrap_or_default().to_owned();
        let (mount, engine) = match engine {
            Some(engine) => (first, engine),
            None => self.mount(path).await?,
        };
        let rest = path.get(mount.len()..).unwrap_or_default();
        let rest = rest.trim_start_matches('/').split('/');
        let mount = mount.split('/');
        let url = match engine {
            VaultEngine::Kv1 => self.url(mount.chain(rest)),
            VaultEngine::Kv2 => self.url(mount.chain(["data"]).chain(rest)),
        }?;
        let mut answer = self.send(self.http.get(url), "this path").await?;
        let data = match engine {
            VaultEngine::Kv1 => &mut answer["data"],
            VaultEngine::Kv2 => &mut answer["data"]["data"],
        };
        match data.take() {
            Value::Object(fields) => Ok(fields),
            Value::Null => Err(VaultError::Missing),
            _ => Err(VaultError::Answer),
        }
    }

    /// Asks which mount a path is in, and of which version its engine is.
    async fn mount(&self, path: &str) -> Result<(String, VaultEngine), VaultError> {
        let ui = ["sys", "internal", "ui", "mounts"];
        let url = self.url(ui.into_iter().chain(path.split('/')))?;
        let answer = self.send(self.http.get(url), "this mount").await?;
        let data = &answer["data"];
        let mount = data["path"].as_str().ok_or(VaultError::Answer)?;
        let mount = mount.trim_end_matches('/');
        let inside = path
            .strip_prefix(mount)
            .is_some_and(|rest| rest.starts_with('/'));
        if !inside {
            return Err(VaultError::Answer);
        }
        if !matches!(data["type"].as_str(), Some("kv" | "generic")) {
            return Err(VaultError::Engine);
        }
        let engine = match data["options"]["version"].as_str() {
            Some("2") => VaultEngine::Kv2,
            Some("1") | None => VaultEngine::Kv1,
            Some(_) => return Err(VaultError::Engine),
        };
        Ok((mount.to_owned(), engine))
    }

    fn url<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> Result<Url, VaultError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| VaultError::BadAddress)?
            .pop_if_empty()
            .push("v1")
            .extend(segments);
        Ok(url)
    }

    /// Sends a request, and once more where the server failed or was not reached.
    async fn send(&self, request: RequestBuilder, what: &'static str) -> Result<Value, VaultError> {
        let request = request.headers(self.headers.clone());
        let again = request.try_clone();
        let first = attempt(request, what).await;
        let passing = match &first {
            Err(VaultError::Unreachable(why)) => *why != TOO_LONG,
            Err(VaultError::Sealed) => true,
            Err(VaultError::Status(status)) => *status >= 500,
            Err(_) | Ok(_) => false,
        };
        match again {
            Some(again) if passing => {
                tokio::time::sleep(Duration::from_millis(300)).await;
                attempt(again, what).await
            }
            Some(_) | None => first,
        }
    }
}

async fn attempt(request: RequestBuilder, what: &'static str) -> Result<Value, VaultError> {
    let mut response = request.send().await.map_err(|error| unreachable(&error))?;
    let status = response.status();
    match status {
        StatusCode::FORBIDDEN => return Err(VaultError::Forbidden(what)),
        StatusCode::NOT_FOUND => return Err(VaultError::Missing),
        StatusCode::SERVICE_UNAVAILABLE => return Err(VaultError::Sealed),
        status if status.is_redirection() => return Err(VaultError::Redirect),
        status if !status.is_success() => return Err(VaultError::Status(status.as_u16())),
        _ => {}
    }
    let mut body = zeroize::Zeroizing::new(Vec::new());
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| unreachable(&error))?
    {
        if body.len() + chunk.len() > LIMIT {
            return Err(VaultError::TooLarge(LIMIT));
        }
        body.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&body).map_err(|_| VaultError::Answer)
}

/// The kind of a failure; the error itself may repeat what was sent.
fn unreachable(error: &reqwest::Error) -> VaultError {
    let mut cause = error.source();
    let mut text = String::new();
    while let Some(source) = cause {
        text.push_str(&source.to_string());
        cause = source.source();
    }
    VaultError::Unreachable(if error.is_timeout() {
        TOO_LONG
    } else if text.to_lowercase().contains("certificate") {
        "its certificate is not trusted; name the authority with `ca_file` or VAULT_CACERT"
    } else if error.is_connect() {
        "no connection; check its address"
    } else {
        "the connection broke"
    })
}

fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) -> Result<(), VaultError> {
    let what = if name == "x-vault-token" {
        "the vault's token"
    } else {
        "the vault's namespace"
    };
    let mut value = HeaderValue::from_str(value).map_err(|_| VaultError::BadHeader(what))?;
    value.set_sensitive(true);
    headers.insert(HeaderName::from_static(name), value);
    Ok(())
}

/// `https://`, or `http://` on this machine: a token goes over this wire.
fn base_of(address: &str) -> Result<Url, VaultError> {
    let url = Url::parse(address).map_err(|_| VaultError::BadAddress)?;
    let local = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let good = url.scheme() == "https" || (url.scheme() == "http" && local);
    let bare = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if good && bare && url.has_host() {
        Ok(url)
    } else {
        Err(VaultError::BadAddress)
    }
}

fn client(spec: &VaultSpec, in_the_clear: bool) -> Result<Client, VaultError> {
    // Fails only where a provider is installed already, which then serves as well.
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    let mut builder = Client::builder()
        .user_agent(concat!("gangplank/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT)
        .timeout(WHOLE);
    if in_the_clear {
        // What stays on this machine does not go by way of another one.
        builder = builder.no_proxy();
    }
    if let Some(pem) = authorities(spec)? {
        let no_pem = |_| VaultError::CaFile("it holds no PEM certificates".to_owned());
        let certificates = Certificate::from_pem_bundle(&pem).map_err(no_pem)?;
        if certificates.is_empty() {
            return Err(VaultError::CaFile(
                "it holds no PEM certificates".to_owned(),
            ));
        }
        builder = builder.tls_certs_only(certificates);
    }
    builder.build().map_err(|_| VaultError::NoClient)
}

/// The text of the CA file; one that the environment names may lie anywhere.
fn authorities(spec: &VaultSpec) -> Result<Option<Vec<u8>>, VaultError> {
    if let Some((folder, path)) = &spec.ca_file {
        let bytes = file::read_bytes(folder, path, LIMIT as u64);
        let bytes = bytes.map_err(|error| VaultError::CaFile(error.to_string()))?;
        return Ok(Some(bytes.to_vec()));
    }
    let Some(path) = env::given("VAULT_CACERT") else {
        return Ok(None);
    };
    let unreadable = |_| VaultError::CaFile("VAULT_CACERT names no readable file".to_owned());
    let bytes = file::read_named(&path, LIMIT as u64).map_err(unreadable)?;
    Ok(Some(bytes.to_vec()))
}

/// The token of the pod in which this runs. Its parts are symbolic links within the folder.
fn pod_token() -> Result<Secret, VaultError> {
    file::read(POD_TOKEN.0, POD_TOKEN.1).map_err(|error| VaultError::Login {
        reference: "the service account's token".to_owned(),
        reason: error.to_string(),
    })
}

/// A field as text.
pub(crate) fn field(fields: &Fields, name: &str) -> Result<Secret, SecretError> {
    let Some(value) = fields.get(name) else {
        let mut names: Vec<&str> = fields.keys().map(String::as_str).collect();
        names.sort_unstable();
        names.truncate(20);
        let names = if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(", ")
        };
        return Err(VaultError::NoField(names).into());
    };
    match value {
        Value::String(text) if text.is_empty() => Err(VaultError::Empty.into()),
        Value::String(text) => Ok(Secret::new(text.clone())),
        Value::Number(_) | Value::Bool(_) => Ok(Secret::new(value.to_string())),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(VaultError::NotText.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_goes_over_https_or_stays_on_the_machine() {
        for (address, good) in [
            ("https://vault.example.test", true),
            ("https://vault.example.test:8200/base", true),
            ("http://127.0.0.1:8200", true),
            ("http://localhost:8200/", true),
            ("http://[::1]:8200", true),
            ("http://vault.example.test", false),
            ("http://localhost.example.test", false),
            ("http://127.0.0.1@example.test", false),
            ("https://me:secret@vault.example.test", false),
            ("https://vault.example.test/?x", false),
            ("ftp://127.0.0.1", false),
            ("unix:/run/vault", false),
            ("", false),
        ] {
            assert_eq!(base_of(address).is_ok(), good, "{address}");
        }
    }
}
