//! The name of the environment variable that would take an address out of the source.

use super::address::{Address, Form};
use super::detect::Detect;
use super::keys::words;
use crate::facts::Name;

/// The environment variable that would take the value.
pub fn proposal(detect: &Detect, key: &str, address: &Address) -> Option<Name> {
    let named = words(key);
    let telling = named.iter().any(|word| {
        detect.host_words.contains(word.as_str())
            || detect.url_words.contains(word.as_str())
            || detect.dial_words.contains(word.as_str())
    });
    if telling && named.len() >= 2 && named.len() <= 5 {
        return Some(named.join("_").to_ascii_uppercase().into());
    }
    let scheme = address.scheme.split('+').next().unwrap_or_default();
    match address.form {
        Form::Dialled if scheme == "jdbc" => Some("JDBC_URL".into()),
        Form::Dialled
            if matches!(scheme, "postgres" | "postgresql" | "mysql" | "mysql2" | "mssql" | "oracle" | "mariadb") =>
        {
            Some("DATABASE_URL".into())
        }
        Form::Dialled => Some(format!("{}_URL", scheme.replace(['.', '-'], "_").to_ascii_uppercase()).into()),
        Form::Connection => Some("DATABASE_URL".into()),
        Form::Web if !address.is_local() => {
            let host = address.host.replace("{}", "");
            let labels: Vec<&str> = host.split('.').filter(|label| !label.is_empty()).collect();
            let label = labels.len().checked_sub(2).and_then(|at| labels.get(at))?;
            Some(format!("{}_URL", label.replace('-', "_").to_ascii_uppercase()).into())
        }
        _ => None,
    }
}
