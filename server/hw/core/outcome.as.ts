/** How an instruction ended. */

/** The next one follows. */
export const DONE: u32 = 0;
/** PC is set, or an exception was raised. */
export const LEFT: u32 = 1;
/** It is UNDEFINED, and nothing was changed. */
export const UNDEFINED: u32 = 2;
/** It is done, and what it changed is looked at before the next one. */
export const LEFT_NEXT: u32 = 3;
/** It is done, and the core leaves as by an interrupt. */
export const LEFT_IRQ: u32 = 4;
