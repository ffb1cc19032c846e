//! A CI workflow: validate and plan in a pull request, apply after the merge.

use super::answers::{Answers, Reference};
use crate::args::Ci;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Where the workflow goes and what it says; `None` where none is wanted.
pub(super) fn workflow(answers: &Answers) -> Option<(PathBuf, String)> {
    let secrets = Secrets::of(answers);
    match answers.ci {
        Ci::Github => Some((
            ".github/workflows/gangplank.yml".into(),
            GITHUB
                .replace("@PREPARE@", PREPARE.trim_end())
                .replace("@ENVIRONMENT@", &answers.instance)
                .replace("@SECRETS@", &secrets.github())
                .replace("@FILES@", &secrets.files("      ", "- run: ")),
        )),
        Ci::Gitlab => Some((
            ".gitlab-ci.yml".into(),
            GITLAB
                .replace("@ENVIRONMENT@", &answers.instance)
                .replace("@FILES@", &secrets.files("    ", "- ")),
        )),
        Ci::None => None,
    }
}

/// The variables that hold the instance's credentials, and the files that they go to.
struct Secrets(Vec<(String, Option<String>)>);

impl Secrets {
    fn of(answers: &Answers) -> Self {
        let kept = |reference: &Reference, name: &str| match reference {
            Reference::Env(name) => (name.clone(), None),
            Reference::File(path) => (name.to_owned(), Some(path.clone())),
        };
        Self(vec![
            kept(&answers.client_id, "CYCLR_CLIENT_ID"),
            kept(&answers.client_secret, "CYCLR_CLIENT_SECRET"),
        ])
    }

    fn github(&self) -> String {
        let mut text = String::new();
        for (name, _) in &self.0 {
            let _ = writeln!(text, "      {name}: ${{{{ secrets.{name} }}}}");
        }
        text.trim_end().to_owned()
    }

    /// Steps or lines of a script that put secrets into their files.
    fn files(&self, indent: &str, starts: &str) -> String {
        let mut text = String::new();
        for (name, path) in &self.0 {
            if let Some(path) = path {
                // As a word of the shell, inside a text in double quotes of YAML.
                let word = format!("'{}'", path.replace('\'', "'\\''"));
                let line = format!(
                    "umask 077 && mkdir -p \"$(dirname {word})\" && printf %s \"${name}\" > {word}"
                );
                let line = serde_json::Value::String(line);
                let _ = write!(text, "\n{indent}{starts}{line}");
            }
        }
        text
    }
}

/// The first steps of each job.
const PREPARE: &str = r#"      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
      - name: Install gangplank
        env:
          GANGPLANK_URL: ${{ vars.GANGPLANK_URL }}
          GANGPLANK_SHA256: ${{ vars.GANGPLANK_SHA256 }}
        run: |
          curl --fail --silent --show-error --location --output "$RUNNER_TEMP/gangplank" "$GANGPLANK_URL"
          echo "$GANGPLANK_SHA256  $RUNNER_TEMP/gangplank" | sha256sum --check --strict
          chmod +x "$RUNNER_TEMP/gangplank"
          echo "$RUNNER_TEMP" >> "$GITHUB_PATH"
"#;

const GITHUB: &str = r#"# Pull request: validate and plan. Main: apply. Written by `gangplank init`.
#
# Set under Settings > Secrets and variables > Actions:
#   variables GANGPLANK_URL and GANGPLANK_SHA256: a build of gangplank, and its checksum
#   secrets of the environment "@ENVIRONMENT@": the instance's credentials, and those that the manifest
#   refers to, each of which `apply` needs under `env:` below
name: gangplank

on:
  pull_request:
  push:
    branches: [main]

permissions:
  contents: read

jobs:
  validate:
    # Also for pull requests from forks: no network of Cyclr's, no secret.
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
@PREPARE@
      - run: gangplank validate --format github gangplank.yaml

  plan:
    # Only for branches of this repository: a fork's pull request gets no secret.
    if: github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository
    needs: validate
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    environment: @ENVIRONMENT@
    env:
@SECRETS@
    steps:
@PREPARE@@FILES@
      - run: gangplank validate --online gangplank.yaml
      - run: gangplank plan gangplank.yaml | tee -a "$GITHUB_STEP_SUMMARY"
        shell: bash

  apply:
    if: github.event_name == 'push' && github.ref == 'refs/heads/main'
    needs: validate
    runs-on: ubuntu-24.04
    environment: @ENVIRONMENT@
    # One apply at a time, and none is cut off by the next.
    concurrency:
      group: gangplank-apply
      cancel-in-progress: false
    env:
@SECRETS@
    steps:
@PREPARE@@FILES@
      # What removes something says so in its plan, and needs --max-removals N here.
      - run: gangplank apply --auto-approve gangplank.yaml
"#;

const GITLAB: &str = r#"# Merge request: validate and plan. Default branch: apply. Written by `gangplank init`.
#
# Set under Settings > CI/CD > Variables, each secret as protected and masked, for the environment
# "@ENVIRONMENT@":
#   GANGPLANK_URL and GANGPLANK_SHA256: a build of gangplank, and its checksum
#   the instance's credentials, and for `apply` those that the manifest refers to
# A plan of a branch that is not protected gets no protected variable: protect the branches that may plan.
# Pipelines of forks run in the fork, without any of these.
stages: [validate, plan, apply]

default:
  image: debian:12.8-slim
  before_script:
    - apt-get update -qq && apt-get install -qqy --no-install-recommends ca-certificates curl
    - curl --fail --silent --show-error --location --output /usr/local/bin/gangplank "$GANGPLANK_URL"
    - echo "$GANGPLANK_SHA256  /usr/local/bin/gangplank" | sha256sum --check --strict
    - chmod +x /usr/local/bin/gangplank

validate:
  stage: validate
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - gangplank validate gangplank.yaml

plan:
  stage: plan
  environment:
    name: @ENVIRONMENT@
    action: access
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID
  script:@FILES@
    - gangplank validate --online gangplank.yaml
    - gangplank plan gangplank.yaml

apply:
  stage: apply
  environment:
    name: @ENVIRONMENT@
  resource_group: gangplank-apply
  interruptible: false
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:@FILES@
    # What removes something says so in its plan, and needs --max-removals N here.
    - gangplank apply --auto-approve gangplank.yaml
"#;
