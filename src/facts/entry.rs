//! One setting of a configuration file, whatever its format.

use super::{Name, Span};

/// The format that an entry comes from; decides how a rule reads key and value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryFormat {
    Properties,
    Yaml,
    Json,
    Toml,
    Ini,
    Xml,
    Env,
    /// Dockerfile, Containerfile: key is the instruction (`FROM`, `RUN`, `ENV.NAME`), prefixed by the stage (`0.FROM`).
    Container,
    /// Directive files: nginx, Apache, supervisord, php-fpm and the like; key is the block path and the directive.
    Directive,
}

/// One setting: where it stands in the tree of the file, and its value as text.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Key path joined by dots; list positions are numbers: `spring.datasource.url`, `services.web.ports.0`.
    /// XML: element names, attributes behind `@`: `configuration.appender.file`, `configuration.appender@class`.
    pub key: Name,
    /// The scalar as text, quotes removed; empty for a bare key.
    pub value: Name,
    /// Key and value together.
    pub span: Span,
    /// The format.
    pub format: EntryFormat,
    /// Innermost container (XML element, YAML or JSON map, INI section), counted from 0 in file order: entries that are
    /// neighbours share it, so that host and port beside each other can be told.
    pub group: u32,
}
