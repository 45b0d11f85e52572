/** The tagged address and MTE controls of a thread: linux/prctl.h. */

export const PR_SET_TAGGED_ADDR_CTRL = 55;
export const PR_GET_TAGGED_ADDR_CTRL = 56;
/** Bit 0: system calls take tagged addresses. */
export const PR_TAGGED_ADDR_ENABLE = 1 << 0;
/** Bits 2:1: the modes of tag checking that the thread accepts; both: the CPU's preferred one. */
export const PR_MTE_TCF_SHIFT = 1;
export const PR_MTE_TCF_NONE = 0 << 1;
export const PR_MTE_TCF_SYNC = 1 << 1;
export const PR_MTE_TCF_ASYNC = 1 << 2;
export const PR_MTE_TCF_MASK = PR_MTE_TCF_SYNC | PR_MTE_TCF_ASYNC;
/** Bits 18:3: the tags that IRG may generate. */
export const PR_MTE_TAG_SHIFT = 3;
export const PR_MTE_TAG_MASK = 0xffff << 3;
