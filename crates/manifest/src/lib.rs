//! Reads manifests: YAML text in, desired state with positions out.
