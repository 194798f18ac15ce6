//! A protobuf message as the bytes of its fields, so that a file can be changed in one place and stay as it is, byte for
//! byte, everywhere else: messages that are decoded and encoded again lose what is not declared here.
//!
//! Messages that stand one behind the other are one message: a field that is appended is a field that is added.

use prost::Message;

use super::OnnxError;
use super::read::not_onnx;

/// One field of a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Field<'a> {
    pub number: u32,
    /// With its key and length.
    pub whole: &'a [u8],
    /// Its own bytes.
    pub value: &'a [u8],
}

/// The fields of a message, in their order.
///
/// # Errors
/// If it is cut short, or no message.
pub(super) fn fields(message: &[u8]) -> Result<Vec<Field<'_>>, OnnxError> {
    let mut all = Vec::new();
    let mut rest = message;
    while !rest.is_empty() {
        all.push(next(&mut rest)?);
    }
    Ok(all)
}

/// How many fields a message has, but no more than just above `most`: to be counted they need no memory.
///
/// # Errors
/// As [`fields`].
pub(super) fn count(message: &[u8], most: usize) -> Result<usize, OnnxError> {
    let mut rest = message;
    let mut count = 0;
    while !rest.is_empty() && count <= most {
        next(&mut rest)?;
        count += 1;
    }
    Ok(count)
}

/// The first field of what is left of a message, which is then what comes after it.
///
/// # Errors
/// As [`fields`].
pub(super) fn next<'a>(rest: &mut &'a [u8]) -> Result<Field<'a>, OnnxError> {
    let start = *rest;
    let key = varint(rest)?;
    let number = u32::try_from(key >> 3).map_err(|_| not_onnx())?;
    let before = *rest;
    let length = match key & 7 {
        0 => {
            varint(rest)?;
            before.len() - rest.len()
        }
        1 => 8,
        2 => usize::try_from(varint(rest)?).map_err(|_| not_onnx())?,
        5 => 4,
        // Groups: ONNX never had any.
        _ => return Err(not_onnx()),
    };
    let value = match key & 7 {
        0 => &before[..length],
        _ => {
            let value = rest.get(..length).ok_or_else(not_onnx)?;
            *rest = &rest[length..];
            value
        }
    };
    if number == 0 {
        return Err(not_onnx());
    }
    Ok(Field {
        number,
        whole: &start[..start.len() - rest.len()],
        value,
    })
}

fn varint(rest: &mut &[u8]) -> Result<u64, OnnxError> {
    prost::encoding::decode_varint(rest).map_err(|_| not_onnx())
}

/// Appends the field `number` of bytes.
pub(super) fn put(number: u32, value: &[u8], to: &mut Vec<u8>) {
    prost::encoding::encode_varint(u64::from(number) << 3 | 2, to);
    prost::encoding::encode_varint(value.len() as u64, to);
    to.extend_from_slice(value);
}

/// Appends the field `number` of a message.
pub(super) fn put_message(number: u32, message: &impl Message, to: &mut Vec<u8>) {
    put(number, &message.encode_to_vec(), to);
}
