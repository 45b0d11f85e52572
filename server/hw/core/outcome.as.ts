/** How an instruction ended. */

/** The next one follows. */
export const DONE: u32 = 0;
/** An exception was raised, or PC is its own again: it has not run. */
export const LEFT: u32 = 1;
/** It is UNDEFINED, and nothing was changed. */
export const UNDEFINED: u32 = 2;
/** It is done, and what it changed is looked at before the next one. */
export const LEFT_NEXT: u32 = 3;
/** It is done, and the core leaves as by an interrupt. */
export const LEFT_IRQ: u32 = 4;
/** It is done, and PC is set: a branch, ERET, SVC and HVC. */
export const BRANCHED: u32 = 5;
