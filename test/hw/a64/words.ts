/** Instruction words by chance, the same in each run. */

/** Numbers of 32 bits (xorshift32). */
export function randomWords(state = 0x2545f491): () => number {
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
