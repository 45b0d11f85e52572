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

interface Methods {
  readonly methods: Readonly<Record<string, { readonly requestType: { decode(input: Uint8Array): unknown } }>>;
}

/**
 * A service's definition whose requests have bytes of Uint8Array. Left alone they would be of Buffer, as gRPC's own
 * messages are, and the slice() of that is no copy: who keeps a piece of it keeps the whole message.
 */
export function withPlainBytes<Definition extends Methods>(definition: Definition): Definition {
  const methods = Object.entries(definition.methods).map(([name, method]) => {
    const { requestType } = method;
    const decode = ({ buffer, byteOffset, length }: Uint8Array) =>
      requestType.decode(new Uint8Array(buffer, byteOffset, length));
    return [name, { ...method, requestType: { ...requestType, decode } }];
  });
  return { ...definition, methods: Object.fromEntries(methods) };
}
