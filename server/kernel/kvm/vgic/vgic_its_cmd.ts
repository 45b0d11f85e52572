/** The commands by which a guest makes and ends translations: the command half of vgic-its.c. */

import { VGIC_MIN_LPI } from "../arm_vgic.ts";
import { kvmReadGuest } from "../memslots.ts";
import {
  ABI_0_ESZ,
  ITS_UNMAPPED,
  type ItsCollection,
  targetOf,
  type VgicIts,
  vcpuByNumber,
  vgicItsCheckEventId,
  vgicItsCheckId,
  vgicItsTriggerMsi,
  writeEntry,
} from "./vgic_its.ts";
import { updateLpiConfig, vgicAddLpi, vgicItsInvalidateCache, vgicItsInvall } from "./vgic_lpi.ts";

const ITS_CMD_SIZE = 32;

/** The fields of a command. */
class ItsCommand {
  private readonly words: DataView;

  constructor(bytes: Uint8Array) {
    this.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private field(word: number, shift: number, bits: number): number {
    return Number(BigInt.asUintN(bits, this.words.getBigUint64(8 * word, true) >> BigInt(shift)));
  }

  get command(): number {
    return this.field(0, 0, 8);
  }
  get deviceId(): number {
    return this.field(0, 32, 32);
  }
  get eventId(): number {
    return this.field(1, 0, 32);
  }
  get size(): number {
    return this.field(1, 0, 5) + 1;
  }
  get physicalId(): number {
    return this.field(1, 32, 32);
  }
  get collection(): number {
    return this.field(2, 0, 16);
  }
  get ittAddr(): number {
    return this.field(2, 8, 44) * 256;
  }
  get target(): number {
    return this.field(2, 16, 32);
  }
  get target2(): number {
    return this.field(3, 16, 32);
  }
  get valid(): boolean {
    return this.field(2, 63, 1) === 1;
  }
}

type CommandHandler = (its: VgicIts, cmd: ItsCommand) => number;

/** The entry of something unmapped is cleared in guest memory, too. */
function clearEntry(its: VgicIts, gpa: number): number {
  return its.kvm.abi.itsClearsEntries ? writeEntry(its.kvm, gpa, 0n) : 0;
}

/** vgic_its_cmd_handle_mapd(): mapping a device again starts it anew. */
const handleMapd: CommandHandler = (its, cmd) => {
  const entry = vgicItsCheckId(its, its.baserDeviceTable, cmd.deviceId);
  if (entry === undefined || (cmd.valid && cmd.size > 16)) return ITS_UNMAPPED;
  const device = its.findDevice(cmd.deviceId);
  if (device) its.freeDevice(device);
  if (!cmd.valid) return clearEntry(its, entry);
  return its.addDevice({
    deviceId: cmd.deviceId,
    ittAddr: cmd.ittAddr,
    numEventidBits: cmd.size,
    ites: new Map(),
  });
};

/** vgic_its_alloc_collection(): undefined where the table has no room. */
function allocCollection(its: VgicIts, collectionId: number, targetAddr?: number): ItsCollection | undefined {
  if (vgicItsCheckId(its, its.baserCollTable, collectionId) === undefined) return undefined;
  const collection = { collectionId, targetAddr };
  its.collections.push(collection);
  return collection;
}

/** vgic_its_cmd_handle_mapc() */
const handleMapc: CommandHandler = (its, cmd) => {
  const target = vcpuByNumber(its.kvm, cmd.target);
  if (!target && (cmd.valid || !its.kvm.abi.vcpuNumbersAreIds)) return ITS_UNMAPPED;
  const collection = its.findCollection(cmd.collection);
  if (!cmd.valid) {
    if (collection) its.freeCollection(collection);
    vgicItsInvalidateCache(its.kvm);
    return 0;
  }
  if (!collection) return allocCollection(its, cmd.collection, cmd.target) ? 0 : ITS_UNMAPPED;
  collection.targetAddr = cmd.target;
  for (const { ites } of its.devices)
    for (const ite of ites.values()) if (ite.collection === collection) ite.irq.targetVcpu = target;
  return 0;
};

/** vgic_its_cmd_handle_mapi(): MAPTI with the LPI's number, MAPI where the event's is the LPI's. */
function mapEvent(its: VgicIts, cmd: ItsCommand, lpi: number): number {
  const { kvm } = its;
  const device = its.findDevice(cmd.deviceId);
  if (!device || !vgicItsCheckEventId(its, device, cmd.eventId)) return ITS_UNMAPPED;
  const lpis = 2 ** Math.min(Number(kvm.vgic.propbaser & 0x1fn) + 1, 16);
  if (lpi < VGIC_MIN_LPI || lpi >= lpis) return ITS_UNMAPPED;
  if (device.ites.has(cmd.eventId)) return 0;
  const known = its.findCollection(cmd.collection);
  const collection = known ?? allocCollection(its, cmd.collection);
  if (!collection) return ITS_UNMAPPED;
  const irq = vgicAddLpi(kvm, lpi, targetOf(kvm, collection));
  if (typeof irq === "number") {
    if (!known) its.freeCollection(collection);
    return irq;
  }
  return its.addIte(device, { eventId: cmd.eventId, irq, collection });
}

/** vgic_its_cmd_handle_movi() */
const handleMovi: CommandHandler = (its, cmd) => {
  const ite = its.findIte(cmd.deviceId, cmd.eventId);
  const collection = its.findCollection(cmd.collection);
  if (ite?.collection?.targetAddr === undefined || collection?.targetAddr === undefined) return ITS_UNMAPPED;
  ite.collection = collection;
  vgicItsInvalidateCache(its.kvm);
  ite.irq.targetVcpu = targetOf(its.kvm, collection);
  return 0;
};

/** vgic_its_cmd_handle_discard() */
const handleDiscard: CommandHandler = (its, cmd) => {
  const device = its.findDevice(cmd.deviceId);
  const ite = device?.ites.get(cmd.eventId);
  if (!device || ite?.collection?.targetAddr === undefined) return ITS_UNMAPPED;
  vgicItsInvalidateCache(its.kvm);
  its.freeIte(device, ite);
  return clearEntry(its, device.ittAddr + cmd.eventId * ABI_0_ESZ);
};

/** vgic_its_cmd_handle_clear() */
const handleClear: CommandHandler = (its, cmd) => {
  const ite = its.findIte(cmd.deviceId, cmd.eventId);
  if (!ite) return ITS_UNMAPPED;
  ite.irq.pendingLatch = false;
  return 0;
};

/** vgic_its_cmd_handle_inv() */
const handleInv: CommandHandler = (its, cmd) => {
  const ite = its.findIte(cmd.deviceId, cmd.eventId);
  return ite ? updateLpiConfig(its.kvm, ite.irq) : ITS_UNMAPPED;
};

/** vgic_its_cmd_handle_invall() */
const handleInvall: CommandHandler = (its, cmd) => {
  const vcpu = targetOf(its.kvm, its.findCollection(cmd.collection));
  if (!vcpu) return ITS_UNMAPPED;
  vgicItsInvall(vcpu);
  return 0;
};

/** vgic_its_cmd_handle_movall(): the LPIs of one vCPU become another's. */
const handleMovall: CommandHandler = (its, cmd) => {
  const [from, to] = [vcpuByNumber(its.kvm, cmd.target), vcpuByNumber(its.kvm, cmd.target2)];
  if (!from || !to) return ITS_UNMAPPED;
  if (from === to) return 0;
  for (const irq of its.kvm.vgic.lpis.values()) if (irq.targetVcpu === from) irq.targetVcpu = to;
  vgicItsInvalidateCache(its.kvm);
  return 0;
};

/** By GITS_CMD_*. SYNC has nothing to wait for. */
const COMMANDS: ReadonlyMap<number, CommandHandler> = new Map<number, CommandHandler>([
  [0x01, handleMovi],
  [0x03, (its, cmd) => vgicItsTriggerMsi(its, cmd.deviceId, cmd.eventId)],
  [0x04, handleClear],
  [0x05, () => 0],
  [0x08, handleMapd],
  [0x09, handleMapc],
  [0x0a, (its, cmd) => mapEvent(its, cmd, cmd.physicalId)],
  [0x0b, (its, cmd) => mapEvent(its, cmd, cmd.eventId)],
  [0x0c, handleInv],
  [0x0d, handleInvall],
  [0x0e, handleMovall],
  [0x0f, handleDiscard],
]);

/** The size of the ring that GITS_CBASER describes. */
export const commandBufferSize = (its: VgicIts) => (Number(its.cbaser & 0xffn) + 1) * 4096;

/** GITS_CMD_MOVALL and INVALL go through all LPIs. */
const OF_ALL_LPIS = new Set([0x0d, 0x0e]);
/** LPIs and commands that one write of GITS_CWRITER deals with, so that a guest's queue keeps nobody waiting for long. */
const MOST_WORK = 1 << 20;

/**
 * vgic_its_process_commands(): up to CWRITER; one that cannot be read or obeyed is skipped. An ITS works through its
 * queue in its own time: what is left after much work waits for the next write of GITS_CWRITER.
 */
export function vgicItsProcessCommands(its: VgicIts): void {
  if (!its.enabled) return;
  const base = Number(its.cbaser & 0xf_ffff_ffff_f000n);
  for (let work = 0; its.cwriter !== its.creadr && work < MOST_WORK; work++) {
    const bytes = new Uint8Array(ITS_CMD_SIZE);
    if (kvmReadGuest(its.kvm, base + its.creadr, bytes) === 0) {
      const cmd = new ItsCommand(bytes);
      COMMANDS.get(cmd.command)?.(its, cmd);
      if (OF_ALL_LPIS.has(cmd.command)) work += its.kvm.vgic.lpis.size;
    }
    its.creadr += ITS_CMD_SIZE;
    if (its.creadr === commandBufferSize(its)) its.creadr = 0;
  }
}
