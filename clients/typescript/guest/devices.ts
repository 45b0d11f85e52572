/** Devices that the client itself is: a guest's access to one leaves the guest. */

/** A guest's access to an address at which the VM has no memory goes to the device that is there. */
export interface MmioDevice {
  /** Its guest physical address. */
  readonly base: bigint;
  /** Bytes. */
  readonly size: number;
  /** What a guest reads at `offset`; a number of `len` bytes. */
  read(offset: number, len: number): number | bigint;
  /** A guest writes; an answer ends the run with it. */
  write(offset: number, value: bigint, len: number): DeviceExit | undefined;
}

/** What a device can end a run with. */
export type DeviceExit =
  | { readonly kind: "exit" /** What the guest wrote to the exit port. */; readonly code: number }
  | { readonly kind: "vector"; readonly vector: number };

/** Where the console and the exit port are unless told otherwise. */
export const CONSOLE_BASE = 0x0900_0000n;
export const EXIT_PORT_BASE = 0x0902_0000n;

const UARTDR = 0x000;
const UARTFR = 0x018;
const UARTRIS = 0x03c;
const UARTPERIPHID0 = 0xfe0;
const FR_RXFE = 1 << 4;
const FR_TXFE = 1 << 7;
const RIS_TX = 1 << 5;
/** UARTPeriphID0 to 3, UARTPCellID0 to 3: a PL011. */
const IDENTITY = [0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1];

/** A console like Arm's PL011 without interrupts: it is always ready to send, and holds what was typed until it is read. */
export class Console implements MmioDevice {
  readonly base: bigint;
  readonly size = 0x1000;
  private readonly print: (text: string) => void;
  private readonly decoder = new TextDecoder();
  private readonly typed: number[] = [];
  private written = "";

  /** `print` gets what the guest writes, character by character. */
  constructor(print: (text: string) => void = () => {}, base = CONSOLE_BASE) {
    this.print = print;
    this.base = base;
  }

  /** Everything that the guest has written. */
  get text(): string {
    return this.written;
  }

  /** What the guest will read. */
  type(text: string): void {
    this.typed.push(...new TextEncoder().encode(text));
  }

  read(offset: number): number {
    switch (offset) {
      case UARTDR:
        return this.typed.shift() ?? 0;
      case UARTFR:
        return FR_TXFE | (this.typed.length === 0 ? FR_RXFE : 0);
      case UARTRIS:
        return RIS_TX;
      default:
        return IDENTITY[(offset - UARTPERIPHID0) / 4] ?? 0;
    }
  }

  write(offset: number, value: bigint): undefined {
    if (offset !== UARTDR) return;
    const text = this.decoder.decode(Uint8Array.of(Number(value & 0xffn)), { stream: true });
    if (text === "") return;
    this.written += text;
    this.print(text);
  }
}

/** Where the vectors of `exceptionVectors` report: a word for each. */
export const VECTOR_PORT = 0x100;
const VECTORS = 16;

/** A port that ends the run: what is written to its first word is the program's exit code. */
export class ExitPort implements MmioDevice {
  readonly base: bigint;
  readonly size = 0x1000;

  constructor(base = EXIT_PORT_BASE) {
    this.base = base;
  }

  read(): number {
    return 0;
  }

  write(offset: number, value: bigint): DeviceExit | undefined {
    if (offset === 0) return { kind: "exit", code: Number(BigInt.asUintN(32, value)) };
    const vector = (offset - VECTOR_PORT) / 4;
    return Number.isInteger(vector) && vector >= 0 && vector < VECTORS ? { kind: "vector", vector } : undefined;
  }
}
