/** The guest tool-kit: programs, and a machine that runs them. */

export { a64, assemble, type Operand, type Program } from "./a64.ts";
export { CONSOLE_BASE, Console, type DeviceExit, EXIT_PORT_BASE, ExitPort, type MmioDevice } from "./devices.ts";
export { elfImage } from "./elf.ts";
export type { ExceptionExit, GuestExit, KernelExit } from "./exits.ts";
export { flatImage, type Image, type Segment } from "./image.ts";
export {
  Cpu,
  Machine,
  type MachineOptions,
  RAM_BASE,
  type RegisterName,
  type Registers,
  registerId,
} from "./machine.ts";
export { identityMap, type TagChecks } from "./translation.ts";
export { exceptionVectors } from "./vectors.ts";
