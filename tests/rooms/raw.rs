//! A protobuf message as its fields, to compare files byte for byte.

/// Numbers and bytes of a message's fields.
pub fn fields(message: &[u8]) -> Vec<(u64, &[u8])> {
    let mut all = Vec::new();
    let mut rest = message;
    while !rest.is_empty() {
        let key = varint(&mut rest);
        let before = rest;
        let length = match key & 7 {
            0 => {
                varint(&mut rest);
                let length = before.len() - rest.len();
                rest = before;
                length
            }
            1 => 8,
            2 => varint(&mut rest) as usize,
            5 => 4,
            other => panic!("no wire type: {other}"),
        };
        all.push((key >> 3, &rest[..length]));
        rest = &rest[length..];
    }
    all
}

/// All that a message has in its field `number`.
pub fn messages(message: &[u8], number: u64) -> Vec<&[u8]> {
    let all = fields(message).into_iter();
    all.filter(|(found, _)| *found == number)
        .map(|(_, value)| value)
        .collect()
}

/// The bytes of a file's graph.
pub fn graph(file: &[u8]) -> Vec<u8> {
    messages(file, 7).concat()
}

pub fn text(value: &[u8]) -> String {
    String::from_utf8(value.to_vec()).expect("text")
}

/// Numbers one behind the other.
pub fn varints(mut value: &[u8]) -> Vec<usize> {
    let mut all = Vec::new();
    while !value.is_empty() {
        all.push(varint(&mut value) as usize);
    }
    all
}

fn varint(rest: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, after) = rest.split_first().expect("a whole number");
        *rest = after;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    value
}
