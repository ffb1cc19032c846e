//! One file a promise.

mod broken;
mod change;
mod converge;
mod cost;
mod exact;
mod examples;
mod exit_codes;
mod quickstart;
mod schemas;
mod secrecy;
mod unknowns;
mod walkthrough;
