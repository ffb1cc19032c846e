//! A faithful local twin of the Cyclr REST API.
