/** Just enough of protobuf to write an ONNX file by hand, a sound one or one that no exporter would write. */

/** A number of up to 64 bits, seven of them in each byte. */
function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}

export function number(field: number, value: number | bigint): Buffer {
  return Buffer.concat([varint(BigInt(field) << 3n), varint(BigInt.asUintN(64, BigInt(value)))]);
}

/** A text, bytes, or a message: its parts one behind the other. */
export function message(field: number, ...parts: (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
  return Buffer.concat([varint((BigInt(field) << 3n) | 2n), varint(BigInt(content.length)), content]);
}

export const FLOAT = 1;
export const INT64 = 7;
export const STRING = 8;

/** An attribute of whole numbers, or one of another kind. */
export function ints(name: string, ...values: number[]): Buffer {
  return message(5, message(1, name), ...values.map((value) => number(8, value)), number(20, 7));
}

export function subgraph(name: string, graph: Buffer[]): Buffer {
  return message(5, message(1, name), message(6, ...graph), number(20, 5));
}

export function node(operator: string, takes: string[], makes: string[], ...attributes: Buffer[]): Buffer {
  const [inputs, outputs] = [takes.map((name) => message(1, name)), makes.map((name) => message(2, name))];
  return message(1, ...inputs, ...outputs, message(4, operator), ...attributes);
}

/** Weights. `data`: whatever follows its type and name. */
export function tensor(name: string, dims: (number | bigint)[], type: number, ...data: Buffer[]): Buffer {
  return message(5, ...dims.map((side) => number(1, side)), number(2, type), message(8, name), ...data);
}

export function raw(values: Float32Array | BigInt64Array): Buffer {
  return message(9, Buffer.from(values.buffer));
}

export function value(field: "input" | "output", name: string, dims: (number | bigint)[]): Buffer {
  const shape = message(2, ...dims.map((side) => message(1, number(1, side))));
  return message({ input: 11, output: 12 }[field], message(1, name), message(2, message(1, number(1, FLOAT), shape)));
}

export function model(...graph: Buffer[]): Buffer {
  return Buffer.concat([number(1, 8), message(7, ...graph, message(2, "network")), message(8, number(2, 17))]);
}
