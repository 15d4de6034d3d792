//! Bytes to text: legacy repositories hold UTF-8, UTF-16 with a mark, and Windows code pages side by side.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};

/// The text of a file: UTF-8, or what a byte order mark says, or else Windows-1252 (which never fails). The mark itself is
/// dropped. Byte positions of the result are those of its UTF-8 form.
#[must_use]
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn utf8_marks_and_code_pages() {
        assert_eq!(decode("grün".as_bytes()), "grün");
        assert_eq!(decode(b"\xef\xbb\xbfa=1"), "a=1");
        assert_eq!(decode(b"\xff\xfea\0\xe4\0"), "aä");
        assert_eq!(decode(b"\xfe\xff\0a\0\xe4"), "aä");
        assert_eq!(decode(b"gr\xfcn \x80"), "grün €");
        assert_eq!(decode(b""), "");
    }
}
