//! A typed async client of the Cyclr REST API.
