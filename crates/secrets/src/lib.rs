//! Secret references to values, at the last moment.
