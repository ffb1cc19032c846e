//! Manifests from text to desired state: what is valid, what is broken, and how it is told.
#![cfg(test)]

mod agree;
mod alike;
mod arguments;
mod broken;
mod canary;
mod expand;
mod layout;
mod lint;
mod normalise;
mod odd;
mod references;
mod robust;
mod roster;
mod roster_broken;
mod support;
