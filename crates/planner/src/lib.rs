//! Desired and live state in, a plan out: a pure function.
