package io.tagvisor;

import io.tagvisor.Call.Trace;
import io.tagvisor.uapi.Errno;
import io.tagvisor.uapi.Ioctls;
import io.tagvisor.uapi.Structs.kvm_mp_state;
import io.tagvisor.uapi.Structs.kvm_one_reg;
import io.tagvisor.uapi.Structs.kvm_reg_list;
import io.tagvisor.uapi.Structs.kvm_vcpu_init;
import io.tagvisor.uapi.Uapi;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import kvm.v1.InspectServiceOuterClass.FaultInRequest;
import kvm.v1.InspectServiceOuterClass.FaultInResponse;
import kvm.v1.Kvm.KvmRun;
import kvm.v1.SyscallServiceOuterClass.SyscallResult;

/** A virtual CPU. */
public final class Vcpu extends AttributedDescriptor {
  /** The room with which KVM_GET_REG_LIST is asked first. */
  private static final int USUAL_REGISTERS = 512;

  /** KVM_GET_VCPU_MMAP_SIZE: struct kvm_run, and the page of the coalesced MMIO ring. */
  private static final int RUN_SIZE = 2 * 4096;

  private final RunStream runs;

  /** What a batch has made. */
  public Vcpu(LinuxProcess process, int fd) {
    super(process, fd);
    this.runs = new RunStream(process.caller(), fd);
  }

  /** Sets the vCPU up, or resets it: needed before its registers and before {@link #run}. */
  public void armVcpuInit(kvm_vcpu_init init) {
    ioctl(Ioctls.KVM_ARM_VCPU_INIT, init);
  }

  /** Ends the choice of SVE's vector lengths. */
  public void armVcpuFinalize(int feature) {
    ioctl(Ioctls.KVM_ARM_VCPU_FINALIZE, new Struct.Int32().value(feature));
  }

  /** The ids of all registers, in the kernel's order. */
  public long[] getRegList() {
    for (int n = USUAL_REGISTERS; ; ) {
      Call<kvm_reg_list> call =
          Calls.ioctl(operand(), Ioctls.KVM_GET_REG_LIST, new kvm_reg_list(n).n(n));
      SyscallResult result = process().caller().list(List.of(call), false).get(0);
      kvm_reg_list list = call.answer(result);
      int error = result.getErrorValue();
      // A list that is too short comes back with the number that it needs.
      if (error == Errno.E2BIG && list.n() > n) {
        n = (int) list.n();
        continue;
      }
      if (error != 0) throw process().caller().failure(call, error);
      long[] ids = new long[(int) list.n()];
      Arrays.setAll(ids, list::element);
      return ids;
    }
  }

  /** The bytes of a register's value. */
  public byte[] getRegBytes(long id) {
    return process()
        .caller()
        .withBuffer(
            registerSize(id),
            null,
            addr ->
                Calls.ioctl(
                    operand(), Ioctls.KVM_GET_ONE_REG, new kvm_one_reg().id(id).addr(addr)));
  }

  /** Sets a register to bytes of its size. */
  public void setRegBytes(long id, byte[] value) {
    process()
        .caller()
        .withBuffer(
            0,
            value,
            addr ->
                Calls.ioctl(
                    operand(), Ioctls.KVM_SET_ONE_REG, new kvm_one_reg().id(id).addr(addr)));
  }

  /** A register of up to 64 bits. */
  public long getOneReg(long id) {
    byte[] value = Arrays.copyOf(getRegBytes(id), Long.BYTES);
    return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  /** Sets a register of up to 64 bits. */
  public void setOneReg(long id, long value) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    setRegBytes(id, Arrays.copyOf(bytes.putLong(value).array(), registerSize(id)));
  }

  private static int registerSize(long id) {
    return 1 << ((id & Uapi.KVM_REG_SIZE_MASK) >>> Uapi.KVM_REG_SIZE_SHIFT);
  }

  /** Whether the vCPU runs: KVM_MP_STATE_RUNNABLE and the like. */
  public int getMpState() {
    return ioctl(Ioctls.KVM_GET_MP_STATE).mp_state();
  }

  /** Says whether the vCPU runs. */
  public void setMpState(int state) {
    ioctl(Ioctls.KVM_SET_MP_STATE, new kvm_mp_state().mp_state(state));
  }

  /** Runs the guest until something is for the VMM to do. */
  public KvmRun run() {
    return run(RunOptions.defaults());
  }

  /**
   * Runs the guest until something is for the VMM to do. What the last exit asked for is completed
   * first. Interrupting the thread interrupts the guest; {@link LinuxProcess#kill} does with EINTR.
   */
  public KvmRun run(RunOptions options) {
    return runs.run(options);
  }

  /**
   * Faults a guest page in, as the guest's own access would; false where the access would leave the
   * guest instead. No kernel offers this: tagvisor does.
   */
  public boolean faultIn(long guestIpa, boolean write, boolean exec) {
    FaultInRequest request =
        FaultInRequest.newBuilder()
            .setProcess(process().handle())
            .setFd(fd())
            .setGuestIpa(guestIpa)
            .setWrite(write)
            .setExec(exec)
            .build();
    Caller caller = process().caller();
    FaultInResponse answer = caller.services.inspect().faultIn(request);
    Trace trace = new Trace("fault_in");
    return caller.check("FaultIn", trace, answer.getRet(), answer.getErrorValue()) == 0;
  }

  /** Maps struct kvm_run, which {@code Structs.kvm_run} describes. */
  public Mapping mapRun() {
    return mmap(RUN_SIZE);
  }

  /** The vCPU's statistics. */
  public OpenFile getStatsFd() {
    return new OpenFile(process(), ioctl(Ioctls.KVM_GET_STATS_FD));
  }

  /** Closes the descriptor, and interrupts the guest. */
  @Override
  public void close() {
    runs.end();
    super.close();
  }
}
