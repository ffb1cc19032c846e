//! Where this run works, in words for whoever waits for its lease.

/// The CI job, where the environment names one, and the host.
pub(super) fn holder() -> String {
    let name = rustix::system::uname();
    let host = name.nodename().to_string_lossy();
    described(&variable, &host)
}

fn described(variable: &dyn Fn(&str) -> Option<String>, host: &str) -> String {
    let job = |wording: &str, [number, project]: [&str; 2]| {
        let number = variable(number)?;
        let of = variable(project).map(|project| format!(" of {project}"));
        Some(format!("{wording} {number}{}", of.unwrap_or_default()))
    };
    let job = job("GitHub Actions run", ["GITHUB_RUN_ID", "GITHUB_REPOSITORY"])
        .or_else(|| job("GitLab job", ["CI_JOB_ID", "CI_PROJECT_PATH"]))
        .or_else(|| job("Jenkins build", ["BUILD_TAG", ""]));
    match job {
        Some(job) => format!("{job} on {host}"),
        None => host.to_owned(),
    }
}

fn variable(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "CI systems say in the environment which job it is"
    )]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_named_with_its_host() {
        let check = |variables: &[(&str, &str)], expected: &str| {
            let variable = |name: &str| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(described(&variable, "h1"), expected);
        };
        check(&[], "h1");
        check(
            &[("GITHUB_RUN_ID", "7"), ("GITHUB_REPOSITORY", "acme/cyclr")],
            "GitHub Actions run 7 of acme/cyclr on h1",
        );
        check(&[("CI_JOB_ID", "8")], "GitLab job 8 on h1");
        check(&[("BUILD_TAG", "b-9")], "Jenkins build b-9 on h1");
    }
}
