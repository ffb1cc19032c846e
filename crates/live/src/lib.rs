//! Reads a live instance into the model, in few requests.
