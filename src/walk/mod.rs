//! Which files there are, and what each one is: language, scope, and what is left out.
