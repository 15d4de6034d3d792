//! The program's way in: hands over to `cli`.

fn main() {}
