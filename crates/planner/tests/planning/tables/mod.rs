//! Tables: each case is what is wanted, what there is, and the plan as text.

mod account;
mod checker;
mod connector_install;
mod connector_memory;
mod connector_update;
mod exclusive;
mod library;
mod lifts;
mod mapping;
mod moved;
mod offered;
mod order;
mod pairing;
mod property;
mod template_existing;
mod template_install;
mod template_remove;
mod template_run;
