//! Tables: each case is what is wanted, what there is, and the plan as text.

mod account;
mod checker;
mod lifts;
mod mapping;
mod order;
mod pairing;
mod property;
mod template_remove;
