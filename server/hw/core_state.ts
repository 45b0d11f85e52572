/**
 * Where a core's state lies in its block of the linear memory. These are plain constants, so that tsc and asc read
 * them alike; offsets are in bytes from the block's start.
 */

/** Room for one core. */
export const CORE_BYTES = 0x400000;

// ---- general registers

/** X0 to X30, and at 31 the current SP. */
export const X_OFF = 0x000;
/** Reads as XZR. */
export const SLOT_ZERO = 32;
/** Takes what is written to XZR. */
export const SLOT_SINK = 33;
export const PC_OFF = 0x110;
/** u32: N, Z, C and V in bits 31 to 28. */
export const NZCV_OFF = 0x118;
/** u32: what else SPSR_ELx shows of PSTATE, at its places; bits 3:2 are the level, bit 0 SPSel. */
export const PSTATE_OFF = 0x11c;
/** The SP of EL0, and of EL1, while it is not the current one. */
export const SP_EL0_OFF = 0x120;
export const SP_EL1_OFF = 0x128;

// ---- SIMD and floating point

/** V0 to V31. */
export const V_OFF = 0x200;
/** u32 */
export const FPCR_OFF = 0x400;
/** u32 */
export const FPSR_OFF = 0x404;

// ---- talk with other threads (u32 each, by atomics)

/** Bits POLL_*: what the core shall look at before its next block. */
export const POLL_OFF = 0x410;
/** Not 0 while some thread runs the core. */
export const RUNNING_OFF = 0x414;
/** The thread of the core waits here for GO_REQUESTED, which it makes GO_TAKEN until the core has left. */
export const GO_OFF = 0x418;
export const GO_IDLE = 0;
export const GO_REQUESTED = 1;
export const GO_TAKEN = 2;
/** How the last run ended: EXIT_*. */
export const EXIT_OFF = 0x41c;
/** Leave as an interrupt. */
export const POLL_KICK = 1;
/** Drop all translations: a TLBI of another core. */
export const POLL_FLUSH = 2;
/** Look at interrupts that the guest may have unmasked. */
export const POLL_INTERRUPT = 4;
/** The single step of a debugger, or breakpoints: run one instruction at a time. */
export const POLL_STEP = 8;

export const EXIT_NONE = 0;
export const EXIT_SYNC = 1;
export const EXIT_IRQ = 2;

// ---- the last exit to EL2

/** u32 */
export const ESR_EL2_OFF = 0x420;
export const FAR_EL2_OFF = 0x428;
export const HPFAR_EL2_OFF = 0x430;

// ---- the interpreter's own

/** u32: the level of the timers' outputs that the kernel knows of: bit 0 CNTV, bit 1 CNTP. */
export const TIMER_LEVEL_OFF = 0x438;
/** u32: the running instruction's predecoded record. */
export const CURRENT_OFF = 0x43c;
/** u32: the first record of the running block. */
export const BLOCK_OFF = 0x440;
/** u32: changes at each context synchronization event; a block of another epoch is compared with memory. */
export const EPOCH_OFF = 0x444;
/** u32: where free room of the predecoded blocks begins. */
export const ARENA_NEXT_OFF = 0x448;
/** u32: the TLB of the current level and PAN. */
export const TLB_OFF = 0x44c;
/** i32: instructions left in this slice. */
export const BUDGET_OFF = 0x450;
/** u32: the SP's TLB for unprivileged accesses. */
export const TLB_EL0_OFF_CURRENT = 0x458;
/** u32: 1 where an event waits for WFE. */
export const EVENT_OFF = 0x45c;
/** u32: 0 none, else bytes of the exclusive monitor's access. */
export const MONITOR_SIZE_OFF = 0x460;
/** u32: its place in the linear memory. */
export const MONITOR_AT_OFF = 0x464;
/** What LDXR loaded, two words. */
export const MONITOR_VALUE_OFF = 0x468;
/** u32: 0 where SIMD and floating point run at the current level. */
export const FP_TRAP_OFF = 0x478;
/** u32: bytes of RAM. */
export const RAM_BYTES_OFF = 0x47c;
/** u32: where tag RAM begins. */
export const TAG_BASE_OFF = 0x480;
/** u32: where core 0's block begins, and how many cores there are. */
export const CORES_OFF = 0x484;
export const CORE_COUNT_OFF = 0x488;
/** u32: words that no row of the table has, counted. */
export const UNDEFINED_COUNT_OFF = 0x48c;
/** Results of a translation: u32 host address of the page, u32 flags, u64 IPA. */
export const XLAT_HOST_OFF = 0x490;
export const XLAT_FLAGS_OFF = 0x494;
export const XLAT_IPA_OFF = 0x498;
/** The page that the last block was fetched from: its virtual address | 1, and u32 host address. */
export const FETCH_PAGE_OFF = 0x4a0;
export const FETCH_HOST_OFF = 0x4a8;
/** u32: 1 where that page is guarded for BTI. */
export const FETCH_GUARDED_OFF = 0x4ac;
/** Instructions that have run; one that faults or traps has not, as it has not for a software step. */
export const COUNT_OFF = 0x4b0;
/** u32: translations that were walked, for tests. */
export const WALKS_OFF = 0x4b8;
/** u32: the generation of stage-2 entries that count. */
export const STAGE2_GENERATION_OFF = 0x4bc;
/** u32: 1 where a load or a store has to look at watchpoints. */
export const WATCH_OFF = 0x4c4;
/** The pointer that was authenticated last. */
export const AUTHENTICATED_OFF = 0x4c8;
/** u32: what the last single step's syndrome says: bit 24 that one was made, bit 6 that it was an exclusive load. */
export const STEP_OFF = 0x4d0;
/** u32: 0 where the TLBs are empty. */
export const TLB_USED_OFF = 0x4d8;
/** u32: how often they were emptied, for tests. */
export const FLUSHES_OFF = 0x4dc;
/** u32: nothing; what is done to it orders memory. */
export const FENCE_OFF = 0x4d4;
/** The record at which the interpreter returns. */
export const LEAVE_OFF = 0x4e0;
/** Those of COUNT that ran at EL0. */
export const COUNT_EL0_OFF = 0x4f0;
/** i32: what BUDGET was when the level last changed, less the turns since that were no instruction. */
export const COUNT_MARK_OFF = 0x4f8;
/** u32: the level since. */
export const COUNT_LEVEL_OFF = 0x4fc;
/** A load or store across pages meets here. */
export const BOUNCE_OFF = 0x500;

// ---- EL2's controls

export const HCR_EL2_OFF = 0x600;
export const MDCR_EL2_OFF = 0x608;
export const CPTR_EL2_OFF = 0x610;
export const VSESR_EL2_OFF = 0x618;
export const CNTVOFF_EL2_OFF = 0x620;
export const CNTPOFF_EL2_OFF = 0x628;
export const CNTHCTL_EL2_OFF = 0x630;
/** f64: how many instructions a core's thread runs until it leaves as if interrupted. */
export const LIMIT_OFF = 0x638;

// ---- system registers of EL1 and EL0, u64 each

export const SCTLR_EL1_OFF = 0x800;
export const ACTLR_EL1_OFF = 0x808;
export const CPACR_EL1_OFF = 0x810;
export const RGSR_EL1_OFF = 0x818;
export const GCR_EL1_OFF = 0x820;
export const TTBR0_EL1_OFF = 0x828;
export const TTBR1_EL1_OFF = 0x830;
export const TCR_EL1_OFF = 0x838;
export const SPSR_EL1_OFF = 0x840;
export const ELR_EL1_OFF = 0x848;
export const AFSR0_EL1_OFF = 0x850;
export const AFSR1_EL1_OFF = 0x858;
export const ESR_EL1_OFF = 0x860;
export const TFSR_EL1_OFF = 0x868;
export const TFSRE0_EL1_OFF = 0x870;
export const FAR_EL1_OFF = 0x878;
export const PAR_EL1_OFF = 0x880;
export const MAIR_EL1_OFF = 0x888;
export const AMAIR_EL1_OFF = 0x890;
export const VBAR_EL1_OFF = 0x898;
export const DISR_EL1_OFF = 0x8a0;
export const CONTEXTIDR_EL1_OFF = 0x8a8;
export const TPIDR_EL1_OFF = 0x8b0;
export const SCXTNUM_EL1_OFF = 0x8b8;
export const TPIDR_EL0_OFF = 0x8c0;
export const TPIDRRO_EL0_OFF = 0x8c8;
export const SCXTNUM_EL0_OFF = 0x8d0;
export const CNTKCTL_EL1_OFF = 0x8d8;
export const CNTV_CTL_EL0_OFF = 0x8e0;
export const CNTV_CVAL_EL0_OFF = 0x8e8;
export const CNTP_CTL_EL0_OFF = 0x8f0;
export const CNTP_CVAL_EL0_OFF = 0x8f8;
export const CSSELR_EL1_OFF = 0x900;
export const MPIDR_EL1_OFF = 0x908;
export const MIDR_EL1_OFF = 0x910;
export const MDSCR_EL1_OFF = 0x918;
export const MDCCINT_EL1_OFF = 0x920;
export const OSLSR_EL1_OFF = 0x928;
/** Keys IA, IB, DA, DB, GA: low and high. */
export const AP_KEYS_OFF = 0x940;
export const CNTFRQ_EL0_OFF = 0x990;
export const CTR_EL0_OFF = 0x998;
export const DCZID_EL0_OFF = 0x9a0;
export const GMID_EL1_OFF = 0x9a8;
export const DBGBVR_OFF = 0xa00;
export const DBGBCR_OFF = 0xa80;
export const DBGWVR_OFF = 0xb00;
export const DBGWCR_OFF = 0xb80;
/** ID registers of op0 3, op1 0, CRn 0, CRm 0 to 7: at CRm * 64 + op2 * 8. */
export const ID_REGS_OFF = 0xc00;
export const CLIDR_EL1_OFF = 0xe00;
export const AIDR_EL1_OFF = 0xe08;
/** CCSIDR_EL1 by CSSELR_EL1. */
export const CCSIDR_OFF = 0xe10;

// ---- tables

/** Free for tables of SIMD, floating point and cryptography that are computed when the core is made. */
export const CRYPTO_OFF = 0x1000;
export const CRYPTO_BYTES = 0x7000;

/** An entry of a TLB: u64 page to read, u64 page to write, u64 mask of the address, u32 host page, u8 tag mask, u8 alignment. */
export const TLB_ENTRY = 32;
export const TLB_ENTRIES = 512;
export const TLB_READ = 0;
export const TLB_WRITE = 8;
export const TLB_KEEP = 16;
export const TLB_HOST = 24;
export const TLB_TAG_MASK = 28;
export const TLB_ALIGN = 29;
/** u8: the tag that TCMA exempts. */
export const TLB_EXEMPT = 30;
/** u8: whether the page's memory is Tagged. */
export const TLB_TAGGED = 31;
/** Three of them: EL0, EL1 and EL1 with PAN. */
export const TLB_TABLES_OFF = 0x8000;
export const TLB_TABLE_BYTES = 0x4000;
/** Of instructions: u64 page | 1, u32 host page, u32 guarded; one for EL0, one for EL1. */
export const ITLB_OFF = 0x14000;
export const ITLB_ENTRIES = 256;
export const ITLB_TABLE_BYTES = 0x1000;

/** Stage 2 by the low bits of the guest frame: u64 frame, u32 host frame << 12 | flags, u32 generation. */
export const STAGE2_OFF = 0x20000;
export const STAGE2_ENTRIES = 0x8000;
/**
 * Entries whose places others took, the same way. One instruction needs those of its own page, of two pages of data and of five tables
 * for each at once; were there no place for all of them, it would never end.
 */
export const STAGE2_EVICTED_OFF = 0x16000;
export const STAGE2_EVICTED_ENTRIES = 32;
export const STAGE2_WRITE = 2;
export const STAGE2_DEVICE = 4;

/** Blocks by a hash of their place: u32 each. */
export const BLOCK_TABLE_OFF = 0xa0000;
export const BLOCK_TABLE_ENTRIES = 0x4000;
/** A block: u32 place, u32 epoch, u32 instructions, u32 spare; records of 16 bytes and one that ends them; the words. */
export const BLOCK_HEADER = 16;
export const BLOCK_MAX = 32;
export const RECORD = 16;
export const ARENA_OFF = 0xb0000;
export const ARENA_END = 0x400000;
