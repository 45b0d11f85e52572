/** Pieces of protobuf's wire format, for the few messages that are worth laying out by hand. */

/** Wire types. */
export const VARINT = 0;
export const FIXED64 = 1;
export const LEN = 2;

/** A field's tag; below field 16 it is one byte. */
export const tag = (field: number, type: number) => (field << 3) | type;

/** Bytes of an unsigned number below 2^53 as a varint. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}

/** Writes a varint; answers the offset behind it. */
export function writeVarint(bytes: Uint8Array, offset: number, value: number): number {
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[offset++] = (rest % 0x80) | 0x80;
  bytes[offset++] = rest;
  return offset;
}

/** A generated message type, as far as a server's definition uses it. */
interface MessageType<T> {
  encode(message: T): { finish(): Uint8Array };
}

/**
 * The message type with an encoder of our own in front: where that answers an ArrayBuffer, the buffer is the
 * message. nice-grpc sends an ArrayBuffer as it is, where it would copy an array.
 */
export function encodedBy<T, Type extends MessageType<T>>(
  type: Type & MessageType<T>,
  encode: (message: T) => ArrayBuffer | undefined,
): Type {
  const encoder = (message: T) => {
    const buffer = encode(message);
    return buffer ? { finish: () => buffer } : type.encode(message);
  };
  return { ...type, encode: encoder } as unknown as Type;
}
