/** Services whose libraries are loaded by their first call: a server that nobody asks is ready sooner. */

const asItIs = (bytes: Uint8Array) => bytes;

/** A method whose messages are left as bytes. */
export function rawMethod<Stream extends { readonly requestStream: boolean; readonly responseStream: boolean }>(
  path: string,
  stream: Stream,
) {
  return {
    path,
    ...stream,
    requestSerialize: asItIs,
    requestDeserialize: asItIs,
    responseSerialize: asItIs,
    responseDeserialize: asItIs,
    options: {},
  } as const;
}

/** The value of `load`, which is called when the value is first wanted. */
export function lazily<T>(load: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return () => (value ??= load());
}
