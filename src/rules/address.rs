//! The shapes of addresses: URL, host and port, IP, JDBC, ADO, libpq, PDO, ODBC and TNS strings.

use super::detect::Detect;

/// What shape an address has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// http, https, ws, wss.
    Web,
    /// Any other scheme that is dialled.
    Dialled,
    /// A connection string without a scheme.
    Connection,
    /// `host:port`, also several of them.
    HostPort,
    /// An IPv4 or IPv6 address alone.
    Ip,
    /// A host name alone; only a key or a callee says that it is one.
    Word,
}

/// An address found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub form: Form,
    /// Lower case; empty where there is none.
    pub scheme: String,
    /// First host, lower case, unknown parts as `{}`.
    pub host: String,
    pub has_port: bool,
    /// Path behind the host, with its slash.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl Address {
    /// True for hosts that only a network of one's own knows: loopback, private ranges, single labels.
    pub fn is_local(&self) -> bool {
        let host = self.host.as_str();
        host == "localhost"
            || host == "host.docker.internal"
            || host == "::1"
            || (!host.contains('.') && !host.contains("{}") && !host.contains(':') && !host.is_empty())
            || [".local", ".internal", ".corp", ".lan", ".intra", ".intranet", ".localdomain", ".localhost", ".home"]
                .iter()
                .any(|end| host.ends_with(end))
            || ipv4(host).is_some_and(|[a, b, _, _]| {
                a == 127 || a == 10 || (a == 192 && b == 168) || (a == 172 && (16..32).contains(&b))
            })
    }

    /// True for loopback.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host == "::1" || self.host.starts_with("127.")
    }

    /// True when the host is this domain or below it; `domain/path` asks for the path too.
    pub fn is_at(&self, domain: &str) -> bool {
        let (domain, path) = domain.split_once('/').map_or((domain, ""), |(domain, path)| (domain, path));
        let host = self.host == domain || self.host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
        host && (path.is_empty()
            || self.path.get(1..).is_some_and(|own| own.to_ascii_lowercase().starts_with(&path.to_ascii_lowercase())))
    }
}

/// The four numbers of an IPv4 address.
pub fn ipv4(text: &str) -> Option<[u8; 4]> {
    text.parse::<std::net::Ipv4Addr>().ok().map(|ip| ip.octets())
}

/// False for texts that [`parse`] surely refuses; costs one look at the bytes.
pub fn may_be(text: &str) -> bool {
    let text = text.trim();
    let (mut colon, mut blank) = (false, false);
    for byte in text.bytes() {
        match byte {
            b'=' => return true,
            b':' => colon = true,
            _ => blank |= byte.is_ascii_whitespace(),
        }
    }
    let list = text.split([',', ';']).next().is_some_and(|first| ipv4(first.trim()).is_some());
    (colon && !blank) || list || text.contains("@tcp(")
}

/// Reads a text, unknown parts shown as `{}`, as an address; `None` when it has none of the shapes, when its host is not
/// fixed, and when it is a wildcard, a documentation domain, or an embedded database.
pub fn parse(text: &str, detect: &Detect) -> Option<Address> {
    let text = text.trim();
    if text.is_empty() || text.len() > 1500 || text.starts_with('<') {
        return None;
    }
    if !may_be(text) {
        return None;
    }
    let address = jdbc(text)
        .or_else(|| url(text, detect))
        .or_else(|| connection(text))
        // Oracle's short form begins with slashes: `//db1:1521/SHOP`.
        .or_else(|| host_port(text.strip_prefix("//").unwrap_or(text), detect))
        .or_else(|| ip(text))?;
    let documentation = detect.documentation_hosts.iter().any(|domain| address.is_at(domain));
    // `http://[host]:[port]/`: a form that a person fills in.
    let form = text.contains("[host") || text.contains("[server") || text.contains("[domain");
    let fixed =
        !form && address.host.replace("{}", "").chars().any(char::is_alphanumeric) || address.host.contains("::");
    (fixed && !documentation && !is_wildcard(&address.host)).then_some(address)
}

/// Addresses that mean every interface, or nobody.
pub fn is_wildcard(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    matches!(host, "" | "0.0.0.0" | "::" | "*" | "+" | "0" | "0:0:0:0:0:0:0:0" | "255.255.255.255")
        || host.starts_with("255.")
}

/// True for a text that is shaped like a host name or an address.
pub fn is_host(host: &str) -> bool {
    let plain = host.replace("{}", "x");
    let labels_fine =
        plain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    let chars_fine = plain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    labels_fine && chars_fine && plain.len() <= 253
}

fn new(form: Form, scheme: &str, host: &str, has_port: bool, path: &str, text: &str) -> Address {
    Address {
        form,
        scheme: scheme.to_ascii_lowercase(),
        host: host.trim_matches(['[', ']']).to_ascii_lowercase(),
        has_port,
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

fn url(text: &str, detect: &Detect) -> Option<Address> {
    let at = text.find("://")?;
    let scheme = text[..at].to_ascii_lowercase();
    let form = if detect.web_schemes.contains(&scheme) {
        Form::Web
    } else if detect.schemes.contains(&scheme) {
        Form::Dialled
    } else {
        return None;
    };
    let rest = &text[at + 3..];
    // A scheme put in front of an address that has one: `"http://" + url`.
    if let Some((inner, _)) = rest.split_once("://")
        && (detect.web_schemes.contains(inner) || detect.schemes.contains(inner))
    {
        return url(rest, detect);
    }
    // Prose goes on with a blank; only a failover list may hold one.
    if rest.contains(char::is_whitespace) || rest.contains(['<', '"', '`', '\\', '^', '|', '*']) {
        return None;
    }
    let rest = &placeholders(rest);
    let (host, has_port, path) = authority(rest)?;
    let dotted_or_named = is_host(&host) || host.contains("::");
    // `http://{}.com`, `https://$host`: nothing is fixed.
    let known = host.replace("{}", "");
    let only_suffix = host.contains("{}") && !known.trim_matches('.').contains('.') && form == Form::Web;
    let placeholder = rest.starts_with(['$', '%', '{', '#', '<', ':']) && known.is_empty();
    (dotted_or_named && !only_suffix && !placeholder).then(|| new(form, &scheme, &host, has_port, &path, text))
}

/// The marks that a format fills in (`%s`, `%[1]v`, `{0}`, `{region}`) as parts that are not known.
fn placeholders(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains(['%', '{']) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['%', '{']) {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        let end = if tail.starts_with('{') {
            tail.find('}')
                .filter(|end| tail[1..*end].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
                .map(|e| e + 1)
        } else {
            let verb = tail[1..].find(|c: char| !matches!(c, '0'..='9' | '[' | ']' | '$' | '.')).map(|at| at + 1);
            verb.filter(|at| matches!(tail.as_bytes()[*at], b's' | b'd' | b'v' | b'q')).map(|at| at + 1)
        };
        match end {
            Some(end) => {
                out.push_str("{}");
                rest = &tail[end..];
            }
            None => {
                out.push_str(&tail[..1]);
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
    out.into()
}

/// Host, whether a port follows, and the path of what stands behind `://`.
fn authority(rest: &str) -> Option<(String, bool, String)> {
    let end = rest.find(['/', '?', '#', ';']).unwrap_or(rest.len());
    let path = rest[end..].to_owned();
    let authority = rest[..end].rsplit('@').next().unwrap_or_default();
    // Go's MySQL: tcp(host:port)
    let authority = authority.split_once('(').map_or(authority, |(_, inner)| inner.trim_end_matches(')'));
    let first = authority.split(',').next().unwrap_or_default();
    if let Some(inner) = first.strip_prefix('[') {
        let (ip, after) = inner.split_once(']')?;
        return Some((ip.to_owned(), after.starts_with(':'), path));
    }
    let (host, port) = first.split_once(':').map_or((first, ""), |(host, port)| (host, port));
    let port_fine = port.is_empty() || port.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'{' | b'}'));
    (port_fine && !host.is_empty()).then(|| (host.to_owned(), !port.is_empty(), path))
}

fn jdbc(text: &str) -> Option<Address> {
    let rest = text.get(..5).filter(|start| start.eq_ignore_ascii_case("jdbc:")).map(|_| &text[5..])?;
    let lower = rest.to_ascii_lowercase();
    let embedded = [
        "sqlite:",
        "h2:mem",
        "h2:file",
        "h2:~",
        "h2:.",
        "h2:/",
        "hsqldb:mem",
        "hsqldb:file",
        "hsqldb:res",
        "derby:mem",
    ];
    if embedded.iter().any(|start| lower.starts_with(start)) || text.contains(char::is_whitespace) {
        return None;
    }
    if let Some(at) = rest.find("://") {
        let (host, has_port, path) = authority(&rest[at + 3..])?;
        let host = host.split('\\').next().unwrap_or_default().to_owned();
        return is_host(&host).then(|| new(Form::Dialled, "jdbc", &host, has_port, &path, text));
    }
    if let Some(host) = tns(rest) {
        return Some(new(Form::Dialled, "jdbc", &host, true, "", text));
    }
    let at = rest
        .find("@//")
        .map(|at| at + 3)
        .or_else(|| rest.find('@').map(|at| at + 1))
        .or_else(|| rest.find("tds:").map(|at| at + 4))?;
    // host:1521:SID, host:1521/service; without a port it is a name of tnsnames.ora, which is no address.
    let host = rest[at..].split([':', '/', ';', '?']).next().unwrap_or_default();
    let addressed = rest[at..].contains([':', '/']);
    (addressed && is_host(host)).then(|| new(Form::Dialled, "jdbc", host, true, "", text))
}

/// `(DESCRIPTION=(ADDRESS=(HOST=h)…`
fn tns(text: &str) -> Option<String> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let at = compact.find("(host=")?;
    let rest = &compact[at + 6..];
    let host = &rest[..rest.find(')')?];
    is_host(host).then(|| host.to_owned())
}

fn connection(text: &str) -> Option<Address> {
    if text.starts_with('(')
        && let Some(host) = tns(text)
    {
        return Some(new(Form::Connection, "", &host, true, "", text));
    }
    // user:password@tcp(host:port)/database
    if let Some(at) = text.find("@tcp(") {
        let inner = &text[at + 5..];
        let inner = &inner[..inner.find(')')?];
        let (host, port) = inner.split_once(':').unwrap_or((inner, ""));
        return is_host(host).then(|| new(Form::Connection, "", host, !port.is_empty(), "", text));
    }
    if !text.contains('=') || text.contains(['<', '{', '\n']) && !text.contains(';') {
        return None;
    }
    // PDO: `mysql:host=…;dbname=…`
    let body = ["mysql:", "pgsql:", "sqlsrv:", "dblib:", "oci:", "odbc:", "firebird:", "cubrid:", "ibm:"]
        .iter()
        .find_map(|start| text.strip_prefix(start));
    let pdo = body.is_some();
    let body = body.unwrap_or(text);
    let semicolons = body.contains(';');
    let pairs: Vec<(String, &str)> = if semicolons || pdo {
        body.split(';')
            .filter_map(|pair| pair.split_once('='))
            .map(|(k, v)| (k.trim().to_ascii_lowercase(), v.trim()))
            .collect()
    } else {
        body.split_whitespace()
            .filter_map(|pair| pair.split_once('='))
            .map(|(k, v)| (k.to_ascii_lowercase(), v.trim_matches('\'')))
            .collect()
    };
    const HOST_KEYS: [&str; 9] =
        ["host", "server", "data source", "datasource", "address", "addr", "network address", "hostname", "hostaddr"];
    const OTHER_KEYS: [&str; 26] = [
        "database",
        "dbname",
        "initial catalog",
        "user",
        "user id",
        "uid",
        "username",
        "password",
        "pwd",
        "port",
        "driver",
        "charset",
        "sslmode",
        "integrated security",
        "trusted_connection",
        "provider",
        "persist security info",
        "dsn",
        "service name",
        "sid",
        "virtualhost",
        "encrypt",
        "catalog",
        "multipleactiveresultsets",
        "pooling",
        "connect timeout",
    ];
    let (_, value) = pairs.iter().find(|(key, _)| HOST_KEYS.contains(&key.as_str()))?;
    let other = pairs.iter().any(|(key, _)| OTHER_KEYS.contains(&key.as_str()));
    let value = value.trim_matches(['\'', '"']);
    let value = value.strip_prefix("tcp:").unwrap_or(value);
    let host = value.split([',', '\\', ':']).next().unwrap_or_default();
    let host = if matches!(host, "." | "(local)") { "localhost" } else { host };
    let lower = host.to_ascii_lowercase();
    let file = [".db", ".sqlite", ".sqlite3", ".mdf", ".sdf", ".mdb", ".accdb"].iter().any(|end| lower.ends_with(end))
        || value.contains('/')
        || value.starts_with("(localdb)");
    let prose = pairs.iter().any(|(key, _)| key.len() > 40);
    ((other || pdo) && !file && !prose && is_host(host)).then(|| new(Form::Connection, "", host, true, "", text))
}

fn host_port(text: &str, detect: &Detect) -> Option<Address> {
    if text.len() > 300 || text.contains(char::is_whitespace) {
        return None;
    }
    let first = text.split([',', ';']).next().unwrap_or_default();
    let first = first.split_once('/').map_or(first, |(first, _)| first);
    let (host, port) = first.rsplit_once(':')?;
    let number: u32 = port.parse().ok()?;
    if !(10..=65535).contains(&number) || port.starts_with('0') {
        return None;
    }
    let ending = host.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let bracketed = host.starts_with('[') && host.ends_with(']') && host.len() > 3;
    let named =
        is_host(host) && host.chars().any(|c| c.is_ascii_alphabetic()) && !detect.file_endings.contains(&ending);
    let named = named
        && if host.contains('.') {
            ending.chars().all(|c| c.is_ascii_alphabetic()) && ending.len() >= 2
        } else {
            !detect.not_before_port.contains(&ending)
        };
    (bracketed || ipv4(host).is_some() || named).then(|| new(Form::HostPort, "", host, true, "", text))
}

fn ip(text: &str) -> Option<Address> {
    let first = text.split([',', ';']).next().unwrap_or_default().trim();
    let v6 = first.contains("::") && first.trim_matches(['[', ']']).parse::<std::net::Ipv6Addr>().is_ok();
    (ipv4(first).is_some() || v6).then(|| new(Form::Ip, "", first, false, "", text))
}

/// A bare word or dotted name, where key or callee say that it is a host.
pub fn word(text: &str, detect: &Detect) -> Option<Address> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    if !is_host(text) || detect.not_hosts.contains(&lower) || is_wildcard(text) || text.contains("{}") || text.len() < 2
    {
        return None;
    }
    let ending = lower.rsplit('.').next().unwrap_or_default();
    let dotted = lower.contains('.');
    if (dotted && detect.file_endings.contains(ending))
        || !lower.starts_with(|c: char| c.is_ascii_alphanumeric())
        || lower.parse::<f64>().is_ok()
    {
        return None;
    }
    if text.contains('_')
        || text.bytes().all(|byte| byte.is_ascii_uppercase())
        || (!dotted && text.starts_with(|c: char| c.is_ascii_uppercase()))
    {
        return None;
    }
    let address = new(Form::Word, "", text, false, "", text);
    (!detect.documentation_hosts.iter().any(|domain| address.is_at(domain))).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleSet;

    fn form(text: &str) -> Option<(Form, String)> {
        parse(text, &RuleSet::built_in().unwrap().detect).map(|address| (address.form, address.host))
    }

    #[test]
    fn shapes_are_told() {
        for (text, wanted, host) in [
            ("https://api.corp.io/v1", Form::Web, "api.corp.io"),
            ("https://{}@api.corp.io/", Form::Web, "api.corp.io"),
            ("redis://:x@cache:6379/0", Form::Dialled, "cache"),
            ("jdbc:mysql://db1:3306/x", Form::Dialled, "db1"),
            ("jdbc:oracle:thin:@ora1:1521:XE", Form::Dialled, "ora1"),
            ("jdbc:sqlserver://sql1;databaseName=x", Form::Dialled, "sql1"),
            ("Server=sql1,1433;Database=x;User Id=sa", Form::Connection, "sql1"),
            ("mysql:host=localhost;dbname=x", Form::Connection, "localhost"),
            ("host=db1 port=5432 dbname=x", Form::Connection, "db1"),
            ("root:x@tcp(db1:3306)/x", Form::Connection, "db1"),
            ("(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=ora1)(PORT=1521)))", Form::Connection, "ora1"),
            ("localhost:6379", Form::HostPort, "localhost"),
            ("k1:9092,k2:9092", Form::HostPort, "k1"),
            ("10.1.2.3", Form::Ip, "10.1.2.3"),
            ("::1", Form::Ip, "::1"),
        ] {
            assert_eq!(form(text), Some((wanted, host.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_fixes_no_address_is_none() {
        for text in [
            "http://{}/x",
            "https://{}.com",
            "see http://a.b for more",
            "0.0.0.0:80",
            "http://0.0.0.0:80",
            "jdbc:sqlite:a.db",
            "jdbc:h2:mem:x",
            "https://www.example.com/",
            "Main.java:120",
            "12:30",
            "1.2.3",
            "urn:x:y",
            "file:///a",
            "unix:///var/run/x.sock",
            "Data Source=app.db;Version=3",
            "https://${HOST}/x",
            "postgres://",
            "a=b;c=d",
            "://",
        ] {
            assert_eq!(form(text), None, "{text}");
        }
    }
}
