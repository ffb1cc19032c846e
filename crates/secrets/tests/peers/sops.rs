//! Files that the real `sops` made, for keys that the real `age-keygen` made.
//!
//! The keys come from the environment, which a test cannot change for itself: each test starts this
//! very program again with the variables set, and reads there.

use crate::{outcome, tool};
use gangplank_model::SecretRef;
use gangplank_secrets::Options;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const PLAIN: &str = "customers:\n  acme:\n    hubspot: q7RzKx2m\n    a.b: dotted\n    port: 8443\n    ratio: 1.5\n    \
    on: true\n    off: false\n    none: null\n    empty: \"\"\n    when: 2026-01-02T03:04:05Z\n    text: |\n      two\n      \
    lines\n  list:\n    - first # a comment\n    - {deep: second}\n# another\nplain_unencrypted: open\n\
    number_unencrypted: 12\nflag_unencrypted: true\n";

struct Scene {
    folder: TempDir,
    sops: std::path::PathBuf,
    recipient: String,
}

fn scene() -> Option<Scene> {
    let (sops, keygen) = (tool("sops")?, tool("age-keygen")?);
    let folder = tempfile::tempdir().unwrap();
    for name in ["key", "other"] {
        let made = Command::new(&keygen)
            .arg("-o")
            .arg(folder.path().join(name))
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
    }
    let key = fs::read_to_string(folder.path().join("key")).unwrap();
    let recipient = key
        .lines()
        .find_map(|line| line.strip_prefix("# public key: "));
    Some(Scene {
        recipient: recipient.unwrap().to_owned(),
        folder,
        sops,
    })
}

impl Scene {
    fn encrypt(&self, from: &str, text: &str, to: &str) {
        let plain = self.folder.path().join(from);
        fs::write(&plain, text).unwrap();
        let made = Command::new(&self.sops)
            .args([
                "--disable-version-check",
                "encrypt",
                "--age",
                &self.recipient,
            ])
            .arg(&plain)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        fs::write(self.folder.path().join(to), made.stdout).unwrap();
    }

    /// From now on the MAC covers encrypted values only, which `sops` takes from its configuration.
    fn part_covered(&self) {
        let rule = format!(
            "creation_rules: [{{ age: {}, mac_only_encrypted: true }}]\n",
            self.recipient
        );
        fs::write(self.folder.path().join(".sops.yaml"), rule).unwrap();
    }

    fn change(&self, name: &str, change: impl Fn(&str) -> String) {
        let path = self.folder.path().join(name);
        let text = fs::read_to_string(&path).unwrap();
        let changed = change(&text);
        assert_ne!(text, changed);
        fs::write(path, changed).unwrap();
    }

    /// Reads in a process of its own, whose age key is this one.
    fn read(&self, variable: &str, value: &str, file: &str, key: &str) -> String {
        let out = self.folder.path().join("out");
        fs::remove_file(&out).ok();
        let ended = Command::new(std::env::current_exe().unwrap())
            .args(["sops::reads_for_another", "--exact", "--ignored"])
            .env_remove("SOPS_AGE_KEY")
            .env_remove("SOPS_AGE_KEY_FILE")
            .env(variable, value)
            .env("GANGPLANK_TEST_FOLDER", self.folder.path())
            .env("GANGPLANK_TEST_FILE", file)
            .env("GANGPLANK_TEST_KEY", key)
            .output()
            .unwrap();
        assert!(ended.status.success(), "{ended:?}");
        fs::read_to_string(out).unwrap()
    }

    fn with_key(&self, file: &str, key: &str) -> String {
        let path = self.folder.path().join("key");
        self.read("SOPS_AGE_KEY_FILE", path.to_str().unwrap(), file, key)
    }
}

#[tokio::test]
#[ignore = "started by the other tests, with variables set"]
#[expect(clippy::disallowed_methods, reason = "told by the test that starts it")]
async fn reads_for_another() {
    let given = |name: &str| std::env::var(name).unwrap();
    let folder = given("GANGPLANK_TEST_FOLDER");
    let reference = SecretRef::Sops {
        folder: folder.clone(),
        file: given("GANGPLANK_TEST_FILE"),
        key: given("GANGPLANK_TEST_KEY"),
    };
    let outcome = outcome(&reference, &Options::default()).await;
    fs::write(Path::new(&folder).join("out"), outcome).unwrap();
}

#[test]
fn values_of_every_kind_are_read() {
    let Some(scene) = scene() else { return };
    scene.encrypt("plain.yaml", PLAIN, "s.yaml");
    for (key, expected) in [
        ("customers.acme.hubspot", "q7RzKx2m"),
        ("customers.acme.a.b", "dotted"),
        ("customers.acme.port", "8443"),
        ("customers.acme.ratio", "1.5"),
        ("customers.acme.on", "true"),
        ("customers.acme.off", "false"),
        ("customers.acme.when", "2026-01-02T03:04:05Z"),
        ("customers.acme.text", "two\nlines\n"),
        ("customers.list.0", "first"),
        ("customers.list.1.deep", "second"),
        ("plain_unencrypted", "open"),
        ("number_unencrypted", "12"),
        ("customers.acme.empty", "the value is empty"),
        (
            "customers.acme.none",
            "the value is no text; only text, numbers and flags are read",
        ),
        (
            "customers.acme",
            "the value is no text; only text, numbers and flags are read",
        ),
        ("customers.acme.hubspott", "the file has no such key"),
    ] {
        assert_eq!(scene.with_key("s.yaml", key), expected, "{key}");
    }
}

#[test]
fn json_and_partly_covered_files_are_read() {
    let Some(scene) = scene() else { return };
    let json = r#"{"b":{"x":"q7RzKx2m","n":1.25,"t":true},"a":["y"]}"#;
    scene.encrypt("plain.json", json, "s.json");
    for (key, expected) in [
        ("b.x", "q7RzKx2m"),
        ("b.n", "1.25"),
        ("b.t", "true"),
        ("a.0", "y"),
    ] {
        assert_eq!(scene.with_key("s.json", key), expected, "{key}");
    }
    scene.part_covered();
    scene.encrypt("plain.yaml", PLAIN, "part.yaml");
    assert_eq!(
        scene.with_key("part.yaml", "customers.acme.hubspot"),
        "q7RzKx2m"
    );
    let open = scene.with_key("part.yaml", "plain_unencrypted");
    assert!(open.contains("the MAC does not cover it"), "{open}");
}

#[test]
fn what_was_changed_or_is_for_another_is_refused() {
    let Some(scene) = scene() else { return };
    let good = "customers.acme.hubspot";
    scene.encrypt("plain.yaml", PLAIN, "open.yaml");
    scene.change("open.yaml", |text| {
        text.replace("unencrypted: open", "unencrypted: opem")
    });
    let changed = scene.with_key("open.yaml", good);
    assert!(changed.contains("MAC does not match"), "{changed}");

    scene.encrypt("plain.yaml", PLAIN, "moved.yaml");
    scene.change("moved.yaml", |text| {
        text.replace("hubspot:", "swap:")
            .replace("ratio:", "hubspot:")
            .replace("swap:", "ratio:")
    });
    let moved = scene.with_key("moved.yaml", good);
    assert!(moved.contains("does not decrypt"), "{moved}");

    scene.encrypt("plain.yaml", PLAIN, "s.yaml");
    let other = scene.folder.path().join("other");
    let wrong = scene.read("SOPS_AGE_KEY_FILE", other.to_str().unwrap(), "s.yaml", good);
    assert!(wrong.contains("none of the age keys opens"), "{wrong}");
    let none = scene.read("SOPS_AGE_KEY", "", "s.yaml", good);
    assert!(none.contains("no age key"), "{none}");
    let key = fs::read_to_string(scene.folder.path().join("key")).unwrap();
    assert_eq!(scene.read("SOPS_AGE_KEY", &key, "s.yaml", good), "q7RzKx2m");
    for (text, expected) in [
        ("a: b\n", "no `sops` section"),
        ("a: [", "no YAML or JSON"),
        (
            "a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\n\
             d: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\n\
             f: &f [*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f]\n\
             h: &h [*g,*g,*g,*g,*g,*g,*g,*g]\ni: [*h,*h,*h,*h,*h,*h,*h,*h]\n",
            "no YAML or JSON",
        ),
        (&"[".repeat(100_000), "no YAML or JSON"),
        ("a: b\nsops: { age: [] }\n", "no `sops` section"),
        (
            "a: b\nsops: { age: [{ enc: x }], mac: x }\n",
            "does not decrypt",
        ),
    ] {
        fs::write(scene.folder.path().join("bad.yaml"), text).unwrap();
        let refused = scene.with_key("bad.yaml", "a");
        assert!(refused.contains(expected), "{text}: {refused}");
    }
}
