//! Commands: arguments in, one function per command, exit status out.
