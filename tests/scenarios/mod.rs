//! One file a promise.

mod arguments;
mod broken;
mod change;
mod converge;
mod cost;
mod exact;
mod examples;
mod exit_codes;
mod for_tools;
mod foreign;
mod format;
mod killed;
mod lints;
mod origins;
mod outstanding;
mod problems;
mod quickstart;
mod reading;
mod rearranged;
mod rosters;
mod schemas;
mod secrecy;
mod secrets;
mod together;
mod unknowns;
mod walkthrough;
