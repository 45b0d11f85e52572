/** Advanced SIMD: which elements an instruction takes, and where the results go. */

import { FPCR_OFF, FPSR_OFF } from "../core_state";
import { end, scalar, setResult, setScalar } from "./fp.as";
import * as Op from "./ops.as";
import {
  acrossFloat, complexAdd, complexMultiply, convertLong, convertNarrow, convertNarrowBf, oneFloat, oneFloatElement,
  oneMiscFloat, pairFloat, pairwiseFloat, vectorFloat, vectorFloatElement, vectorMiscFloat,
} from "./simd_float.as";
import {
  across, acrossLong, estimateUnsigned, highNarrow, long, longElement, longOne, longOneElement, one, oneElement,
  oneMisc, pairLong, pairwise, polynomialLong, vector, vectorElement, vectorMisc, wide,
} from "./simd_integer.as";
import { get } from "./simd_lanes.as";
import * as L from "./simd_lanes.as";
import { dot, dotBf, longBf, longHalf, matrix, matrixBf } from "./simd_matrix.as";
import {
  BIT_CLEAR, byteMask, duplicate, extract, imm8, immediate, insert, MOVE, OR, replicate, reverse, shiftedOnes, table,
  transpose, unzip, zip,
} from "./simd_permute.as";
import { d, elementOfImm5, formatOf, indexHL, m, n, sizeOf, sizeOfImm5, writeVector } from "./simd_result.as";
import {
  fixedOne, fixedVector, narrow, shiftLong, shiftLongBySize, shiftNarrow, shiftOne, shiftVector,
} from "./simd_shift.as";
import { begin, D, H, ODD, rmode, S } from "./softfloat.as";
import { convert, expandImm } from "./softfloat_convert.as";
import { setW, setX, v, x } from "./state.as";

/** Runs one instruction of simd.ts. */
export function execSimd(s: usize, op: u32, insn: u32): bool {
  begin(load<u32>(s + FPCR_OFF), load<u32>(s + FPSR_OFF));
  switch (op) {
    case Op.DUP_asisdone_only:
      setScalar(s, d(insn), elementOfImm5(s, insn));
      return true;
    case Op.FMULX_asisdsamefp16_only:
      return oneFloat(s, insn, L.FMULX, H);
    case Op.FCMEQ_asisdsamefp16_only:
      return oneFloat(s, insn, L.FCMEQ, H);
    case Op.FRECPS_asisdsamefp16_only:
      return oneFloat(s, insn, L.FRECPS, H);
    case Op.FRSQRTS_asisdsamefp16_only:
      return oneFloat(s, insn, L.FRSQRTS, H);
    case Op.FCMGE_asisdsamefp16_only:
      return oneFloat(s, insn, L.FCMGE, H);
    case Op.FACGE_asisdsamefp16_only:
      return oneFloat(s, insn, L.FACGE, H);
    case Op.FABD_asisdsamefp16_only:
      return oneFloat(s, insn, L.FABD, H);
    case Op.FCMGT_asisdsamefp16_only:
      return oneFloat(s, insn, L.FCMGT, H);
    case Op.FACGT_asisdsamefp16_only:
      return oneFloat(s, insn, L.FACGT, H);
    case Op.FCVTNS_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTNS, H);
    case Op.FCVTMS_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTMS, H);
    case Op.FCVTAS_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTAS, H);
    case Op.SCVTF_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.SCVTF, H);
    case Op.FCVTPS_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTPS, H);
    case Op.FCVTZS_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTZS, H);
    case Op.FRECPE_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FRECPE, H);
    case Op.FRECPX_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FRECPX, H);
    case Op.FCVTNU_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTNU, H);
    case Op.FCVTMU_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTMU, H);
    case Op.FCVTAU_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTAU, H);
    case Op.UCVTF_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.UCVTF, H);
    case Op.FCVTPU_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTPU, H);
    case Op.FCVTZU_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FCVTZU, H);
    case Op.FRSQRTE_asisdmiscfp16_R:
      return oneMiscFloat(s, insn, L.FRSQRTE, H);
    case Op.FCMGT_asisdmiscfp16_FZ:
      return oneMiscFloat(s, insn, L.FCMGT0, H);
    case Op.FCMEQ_asisdmiscfp16_FZ:
      return oneMiscFloat(s, insn, L.FCMEQ0, H);
    case Op.FCMLT_asisdmiscfp16_FZ:
      return oneMiscFloat(s, insn, L.FCMLT0, H);
    case Op.FCMGE_asisdmiscfp16_FZ:
      return oneMiscFloat(s, insn, L.FCMGE0, H);
    case Op.FCMLE_asisdmiscfp16_FZ:
      return oneMiscFloat(s, insn, L.FCMLE0, H);
    case Op.SQRDMLAH_asisdsame2_only:
      return one(s, insn, L.SQRDMLAH);
    case Op.SQRDMLSH_asisdsame2_only:
      return one(s, insn, L.SQRDMLSH);
    case Op.SUQADD_asisdmisc_R:
      return oneMisc(s, insn, L.SUQADD);
    case Op.SQABS_asisdmisc_R:
      return oneMisc(s, insn, L.SQABS);
    case Op.USQADD_asisdmisc_R:
      return oneMisc(s, insn, L.USQADD);
    case Op.SQNEG_asisdmisc_R:
      return oneMisc(s, insn, L.SQNEG);
    case Op.CMGT_asisdmisc_Z:
      return oneMisc(s, insn, L.CMGT0);
    case Op.CMEQ_asisdmisc_Z:
      return oneMisc(s, insn, L.CMEQ0);
    case Op.CMLT_asisdmisc_Z:
      return oneMisc(s, insn, L.CMLT0);
    case Op.CMGE_asisdmisc_Z:
      return oneMisc(s, insn, L.CMGE0);
    case Op.CMLE_asisdmisc_Z:
      return oneMisc(s, insn, L.CMLE0);
    case Op.ABS_asisdmisc_R:
      return oneMisc(s, insn, L.ABS);
    case Op.NEG_asisdmisc_R:
      return oneMisc(s, insn, L.NEG);
    case Op.SQXTN_asisdmisc_N:
      return narrow(s, insn, true, false, false, true);
    case Op.SQXTUN_asisdmisc_N:
      return narrow(s, insn, true, false, true, true);
    case Op.UQXTN_asisdmisc_N:
      return narrow(s, insn, true, true, true, true);
    case Op.FCVTXN_asisdmisc_N:
      setResult(s, S, d(insn), convert(D, S, scalar(s, D, n(insn)), ODD), d(insn));
      return end(s);
    case Op.FCVTNS_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTNS, formatOf(insn));
    case Op.FCVTMS_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTMS, formatOf(insn));
    case Op.FCVTAS_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTAS, formatOf(insn));
    case Op.SCVTF_asisdmisc_R:
      return oneMiscFloat(s, insn, L.SCVTF, formatOf(insn));
    case Op.FCVTPS_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTPS, formatOf(insn));
    case Op.FCVTZS_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTZS, formatOf(insn));
    case Op.FRECPE_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FRECPE, formatOf(insn));
    case Op.FRECPX_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FRECPX, formatOf(insn));
    case Op.FCVTNU_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTNU, formatOf(insn));
    case Op.FCVTMU_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTMU, formatOf(insn));
    case Op.FCVTAU_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTAU, formatOf(insn));
    case Op.UCVTF_asisdmisc_R:
      return oneMiscFloat(s, insn, L.UCVTF, formatOf(insn));
    case Op.FCVTPU_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTPU, formatOf(insn));
    case Op.FCVTZU_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FCVTZU, formatOf(insn));
    case Op.FRSQRTE_asisdmisc_R:
      return oneMiscFloat(s, insn, L.FRSQRTE, formatOf(insn));
    case Op.FCMGT_asisdmisc_FZ:
      return oneMiscFloat(s, insn, L.FCMGT0, formatOf(insn));
    case Op.FCMEQ_asisdmisc_FZ:
      return oneMiscFloat(s, insn, L.FCMEQ0, formatOf(insn));
    case Op.FCMLT_asisdmisc_FZ:
      return oneMiscFloat(s, insn, L.FCMLT0, formatOf(insn));
    case Op.FCMGE_asisdmisc_FZ:
      return oneMiscFloat(s, insn, L.FCMGE0, formatOf(insn));
    case Op.FCMLE_asisdmisc_FZ:
      return oneMiscFloat(s, insn, L.FCMLE0, formatOf(insn));
    case Op.ADDP_asisdpair_only:
      setScalar(s, d(insn), load<u64>(v(s, n(insn))) + load<u64>(v(s, n(insn)), 8));
      return true;
    case Op.FMAXNMP_asisdpair_only_H:
      return pairFloat(s, insn, L.FMAXNM, H);
    case Op.FADDP_asisdpair_only_H:
      return pairFloat(s, insn, L.FADD, H);
    case Op.FMAXP_asisdpair_only_H:
      return pairFloat(s, insn, L.FMAX, H);
    case Op.FMINNMP_asisdpair_only_H:
      return pairFloat(s, insn, L.FMINNM, H);
    case Op.FMINP_asisdpair_only_H:
      return pairFloat(s, insn, L.FMIN, H);
    case Op.FMAXNMP_asisdpair_only_SD:
      return pairFloat(s, insn, L.FMAXNM, formatOf(insn));
    case Op.FADDP_asisdpair_only_SD:
      return pairFloat(s, insn, L.FADD, formatOf(insn));
    case Op.FMAXP_asisdpair_only_SD:
      return pairFloat(s, insn, L.FMAX, formatOf(insn));
    case Op.FMINNMP_asisdpair_only_SD:
      return pairFloat(s, insn, L.FMINNM, formatOf(insn));
    case Op.FMINP_asisdpair_only_SD:
      return pairFloat(s, insn, L.FMIN, formatOf(insn));
    case Op.SQDMLAL_asisddiff_only:
      return longOne(s, insn, L.SQDMLAL);
    case Op.SQDMLSL_asisddiff_only:
      return longOne(s, insn, L.SQDMLSL);
    case Op.SQDMULL_asisddiff_only:
      return longOne(s, insn, L.SQDMULL);
    case Op.SQADD_asisdsame_only:
      return one(s, insn, L.SQADD);
    case Op.SQSUB_asisdsame_only:
      return one(s, insn, L.SQSUB);
    case Op.SQSHL_asisdsame_only:
      return one(s, insn, L.SQSHL);
    case Op.SQRSHL_asisdsame_only:
      return one(s, insn, L.SQRSHL);
    case Op.UQADD_asisdsame_only:
      return one(s, insn, L.UQADD);
    case Op.UQSUB_asisdsame_only:
      return one(s, insn, L.UQSUB);
    case Op.UQSHL_asisdsame_only:
      return one(s, insn, L.UQSHL);
    case Op.UQRSHL_asisdsame_only:
      return one(s, insn, L.UQRSHL);
    case Op.CMGT_asisdsame_only:
      return one(s, insn, L.CMGT);
    case Op.CMGE_asisdsame_only:
      return one(s, insn, L.CMGE);
    case Op.SSHL_asisdsame_only:
      return one(s, insn, L.SSHL);
    case Op.SRSHL_asisdsame_only:
      return one(s, insn, L.SRSHL);
    case Op.ADD_asisdsame_only:
      return one(s, insn, L.ADD);
    case Op.CMTST_asisdsame_only:
      return one(s, insn, L.CMTST);
    case Op.CMHI_asisdsame_only:
      return one(s, insn, L.CMHI);
    case Op.CMHS_asisdsame_only:
      return one(s, insn, L.CMHS);
    case Op.USHL_asisdsame_only:
      return one(s, insn, L.USHL);
    case Op.URSHL_asisdsame_only:
      return one(s, insn, L.URSHL);
    case Op.SUB_asisdsame_only:
      return one(s, insn, L.SUB);
    case Op.CMEQ_asisdsame_only:
      return one(s, insn, L.CMEQ);
    case Op.SQDMULH_asisdsame_only:
      return one(s, insn, L.SQDMULH);
    case Op.SQRDMULH_asisdsame_only:
      return one(s, insn, L.SQRDMULH);
    case Op.FMULX_asisdsame_only:
      return oneFloat(s, insn, L.FMULX, formatOf(insn));
    case Op.FCMEQ_asisdsame_only:
      return oneFloat(s, insn, L.FCMEQ, formatOf(insn));
    case Op.FRECPS_asisdsame_only:
      return oneFloat(s, insn, L.FRECPS, formatOf(insn));
    case Op.FRSQRTS_asisdsame_only:
      return oneFloat(s, insn, L.FRSQRTS, formatOf(insn));
    case Op.FCMGE_asisdsame_only:
      return oneFloat(s, insn, L.FCMGE, formatOf(insn));
    case Op.FACGE_asisdsame_only:
      return oneFloat(s, insn, L.FACGE, formatOf(insn));
    case Op.FABD_asisdsame_only:
      return oneFloat(s, insn, L.FABD, formatOf(insn));
    case Op.FCMGT_asisdsame_only:
      return oneFloat(s, insn, L.FCMGT, formatOf(insn));
    case Op.FACGT_asisdsame_only:
      return oneFloat(s, insn, L.FACGT, formatOf(insn));
    case Op.SSHR_asisdshf_R:
      return shiftOne(s, insn, L.SHR, false);
    case Op.SSRA_asisdshf_R:
      return shiftOne(s, insn, L.SRA, false);
    case Op.SRSHR_asisdshf_R:
      return shiftOne(s, insn, L.RSHR, false);
    case Op.SRSRA_asisdshf_R:
      return shiftOne(s, insn, L.RSRA, false);
    case Op.USHR_asisdshf_R:
      return shiftOne(s, insn, L.SHR, true);
    case Op.USRA_asisdshf_R:
      return shiftOne(s, insn, L.SRA, true);
    case Op.URSHR_asisdshf_R:
      return shiftOne(s, insn, L.RSHR, true);
    case Op.URSRA_asisdshf_R:
      return shiftOne(s, insn, L.RSRA, true);
    case Op.SRI_asisdshf_R:
      return shiftOne(s, insn, L.SRI, true);
    case Op.SHL_asisdshf_R:
      return shiftOne(s, insn, L.SHL, true);
    case Op.SLI_asisdshf_R:
      return shiftOne(s, insn, L.SLI, true);
    case Op.SQSHL_asisdshf_R:
      return shiftOne(s, insn, L.QSHL, false);
    case Op.SQSHLU_asisdshf_R:
      return shiftOne(s, insn, L.QSHLU, false);
    case Op.UQSHL_asisdshf_R:
      return shiftOne(s, insn, L.QSHL, true);
    case Op.SQSHRN_asisdshf_N:
      return shiftNarrow(s, insn, true, false, false, false, true);
    case Op.SQRSHRN_asisdshf_N:
      return shiftNarrow(s, insn, true, false, false, true, true);
    case Op.SQSHRUN_asisdshf_N:
      return shiftNarrow(s, insn, true, false, true, false, true);
    case Op.SQRSHRUN_asisdshf_N:
      return shiftNarrow(s, insn, true, false, true, true, true);
    case Op.UQSHRN_asisdshf_N:
      return shiftNarrow(s, insn, true, true, true, false, true);
    case Op.UQRSHRN_asisdshf_N:
      return shiftNarrow(s, insn, true, true, true, true, true);
    case Op.SCVTF_asisdshf_C:
      return fixedOne(s, insn, L.SCVTF);
    case Op.FCVTZS_asisdshf_C:
      return fixedOne(s, insn, L.FCVTZS);
    case Op.UCVTF_asisdshf_C:
      return fixedOne(s, insn, L.UCVTF);
    case Op.FCVTZU_asisdshf_C:
      return fixedOne(s, insn, L.FCVTZU);
    case Op.SQDMLAL_asisdelem_L:
      return longOneElement(s, insn, L.SQDMLAL);
    case Op.SQDMLSL_asisdelem_L:
      return longOneElement(s, insn, L.SQDMLSL);
    case Op.SQDMULL_asisdelem_L:
      return longOneElement(s, insn, L.SQDMULL);
    case Op.SQDMULH_asisdelem_R:
      return oneElement(s, insn, L.SQDMULH);
    case Op.SQRDMULH_asisdelem_R:
      return oneElement(s, insn, L.SQRDMULH);
    case Op.SQRDMLAH_asisdelem_R:
      return oneElement(s, insn, L.SQRDMLAH);
    case Op.SQRDMLSH_asisdelem_R:
      return oneElement(s, insn, L.SQRDMLSH);
    case Op.FMLA_asisdelem_RH_H:
      return oneFloatElement(s, insn, L.FMLA, H);
    case Op.FMLS_asisdelem_RH_H:
      return oneFloatElement(s, insn, L.FMLS, H);
    case Op.FMUL_asisdelem_RH_H:
      return oneFloatElement(s, insn, L.FMUL, H);
    case Op.FMULX_asisdelem_RH_H:
      return oneFloatElement(s, insn, L.FMULX, H);
    case Op.FMLA_asisdelem_R_SD:
      return oneFloatElement(s, insn, L.FMLA, formatOf(insn));
    case Op.FMLS_asisdelem_R_SD:
      return oneFloatElement(s, insn, L.FMLS, formatOf(insn));
    case Op.FMUL_asisdelem_R_SD:
      return oneFloatElement(s, insn, L.FMUL, formatOf(insn));
    case Op.FMULX_asisdelem_R_SD:
      return oneFloatElement(s, insn, L.FMULX, formatOf(insn));
    case Op.TBL_asimdtbl_L1_1:
      return table(s, insn, false);
    case Op.TBX_asimdtbl_L1_1:
      return table(s, insn, true);
    case Op.TBL_asimdtbl_L2_2:
      return table(s, insn, false);
    case Op.TBX_asimdtbl_L2_2:
      return table(s, insn, true);
    case Op.TBL_asimdtbl_L3_3:
      return table(s, insn, false);
    case Op.TBX_asimdtbl_L3_3:
      return table(s, insn, true);
    case Op.TBL_asimdtbl_L4_4:
      return table(s, insn, false);
    case Op.TBX_asimdtbl_L4_4:
      return table(s, insn, true);
    case Op.UZP1_asimdperm_only:
      return unzip(s, insn, false);
    case Op.TRN1_asimdperm_only:
      return transpose(s, insn, false);
    case Op.ZIP1_asimdperm_only:
      return zip(s, insn, false);
    case Op.UZP2_asimdperm_only:
      return unzip(s, insn, true);
    case Op.TRN2_asimdperm_only:
      return transpose(s, insn, true);
    case Op.ZIP2_asimdperm_only:
      return zip(s, insn, true);
    case Op.EXT_asimdext_only:
      return extract(s, insn);
    case Op.DUP_asimdins_DV_v:
      return duplicate(s, insn, elementOfImm5(s, insn));
    case Op.DUP_asimdins_DR_r:
      return duplicate(s, insn, x(s, n(insn)));
    case Op.SMOV_asimdins_W_w:
      setW(s, d(insn), <u32>L.extended(sizeOfImm5(insn), elementOfImm5(s, insn)));
      return true;
    case Op.SMOV_asimdins_X_x:
      setX(s, d(insn), <u64>L.extended(sizeOfImm5(insn), elementOfImm5(s, insn)));
      return true;
    case Op.UMOV_asimdins_W_w:
      setX(s, d(insn), elementOfImm5(s, insn));
      return true;
    case Op.UMOV_asimdins_X_x:
      setX(s, d(insn), elementOfImm5(s, insn));
      return true;
    case Op.INS_asimdins_IR_r:
      return insert(s, insn, x(s, n(insn)));
    case Op.INS_asimdins_IV_v:
      return insert(s, insn, get(v(s, n(insn)), sizeOfImm5(insn), ((insn >> 11) & 15) >> sizeOfImm5(insn)));
    case Op.FMAXNM_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FMAXNM, H);
    case Op.FMLA_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FMLA, H);
    case Op.FADD_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FADD, H);
    case Op.FMULX_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FMULX, H);
    case Op.FCMEQ_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FCMEQ, H);
    case Op.FMAX_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FMAX, H);
    case Op.FRECPS_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FRECPS, H);
    case Op.FMINNM_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FMINNM, H);
    case Op.FMLS_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FMLS, H);
    case Op.FSUB_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FSUB, H);
    case Op.FMIN_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FMIN, H);
    case Op.FRSQRTS_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FRSQRTS, H);
    case Op.FMAXNMP_asimdsamefp16_only:
      return pairwiseFloat(s, insn, L.FMAXNM, H);
    case Op.FADDP_asimdsamefp16_only:
      return pairwiseFloat(s, insn, L.FADD, H);
    case Op.FMUL_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FMUL, H);
    case Op.FCMGE_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FCMGE, H);
    case Op.FACGE_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FACGE, H);
    case Op.FMAXP_asimdsamefp16_only:
      return pairwiseFloat(s, insn, L.FMAX, H);
    case Op.FDIV_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FDIV, H);
    case Op.FMINNMP_asimdsamefp16_only:
      return pairwiseFloat(s, insn, L.FMINNM, H);
    case Op.FABD_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FABD, H);
    case Op.FCMGT_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FCMGT, H);
    case Op.FACGT_asimdsamefp16_only:
      return vectorFloat(s, insn, L.FACGT, H);
    case Op.FMINP_asimdsamefp16_only:
      return pairwiseFloat(s, insn, L.FMIN, H);
    case Op.FRINTN_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRINTN, H);
    case Op.FRINTM_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRINTM, H);
    case Op.FCVTNS_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTNS, H);
    case Op.FCVTMS_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTMS, H);
    case Op.FCVTAS_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTAS, H);
    case Op.SCVTF_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.SCVTF, H);
    case Op.FABS_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FABS, H);
    case Op.FRINTP_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRINTP, H);
    case Op.FRINTZ_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRINTZ, H);
    case Op.FCVTPS_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTPS, H);
    case Op.FCVTZS_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTZS, H);
    case Op.FRECPE_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRECPE, H);
    case Op.FRINTA_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRINTA, H);
    case Op.FRINTX_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRINTX, H);
    case Op.FCVTNU_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTNU, H);
    case Op.FCVTMU_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTMU, H);
    case Op.FCVTAU_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTAU, H);
    case Op.UCVTF_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.UCVTF, H);
    case Op.FNEG_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FNEG, H);
    case Op.FRINTI_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRINTI, H);
    case Op.FCVTPU_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTPU, H);
    case Op.FCVTZU_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FCVTZU, H);
    case Op.FRSQRTE_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FRSQRTE, H);
    case Op.FSQRT_asimdmiscfp16_R:
      return vectorMiscFloat(s, insn, L.FSQRT, H);
    case Op.FCMGT_asimdmiscfp16_FZ:
      return vectorMiscFloat(s, insn, L.FCMGT0, H);
    case Op.FCMEQ_asimdmiscfp16_FZ:
      return vectorMiscFloat(s, insn, L.FCMEQ0, H);
    case Op.FCMLT_asimdmiscfp16_FZ:
      return vectorMiscFloat(s, insn, L.FCMLT0, H);
    case Op.FCMGE_asimdmiscfp16_FZ:
      return vectorMiscFloat(s, insn, L.FCMGE0, H);
    case Op.FCMLE_asimdmiscfp16_FZ:
      return vectorMiscFloat(s, insn, L.FCMLE0, H);
    case Op.SDOT_asimdsame2_D:
      return dot(s, insn, false, false, -1);
    case Op.UDOT_asimdsame2_D:
      return dot(s, insn, true, true, -1);
    case Op.USDOT_asimdsame2_D:
      return dot(s, insn, true, false, -1);
    case Op.SQRDMLAH_asimdsame2_only:
      return vector(s, insn, L.SQRDMLAH);
    case Op.SQRDMLSH_asimdsame2_only:
      return vector(s, insn, L.SQRDMLSH);
    case Op.FCMLA_asimdsame2_C:
      return complexMultiply(s, insn, (insn >> 11) & 3, -1);
    case Op.FCADD_asimdsame2_C:
      return complexAdd(s, insn);
    case Op.BFDOT_asimdsame2_D:
      return dotBf(s, insn, -1);
    case Op.BFMLAL_asimdsame2_F_:
      return longBf(s, insn, false);
    case Op.BFMMLA_asimdsame2_E:
      return matrixBf(s, insn);
    case Op.SMMLA_asimdsame2_G:
      return matrix(s, insn, false, false);
    case Op.UMMLA_asimdsame2_G:
      return matrix(s, insn, true, true);
    case Op.USMMLA_asimdsame2_G:
      return matrix(s, insn, true, false);
    case Op.REV64_asimdmisc_R:
      return reverse(s, insn, 3);
    case Op.CLS_asimdmisc_R:
      return vectorMisc(s, insn, L.CLS, sizeOf(insn));
    case Op.CLZ_asimdmisc_R:
      return vectorMisc(s, insn, L.CLZ, sizeOf(insn));
    case Op.REV16_asimdmisc_R:
      return reverse(s, insn, 1);
    case Op.CNT_asimdmisc_R:
      return vectorMisc(s, insn, L.CNT, 0);
    case Op.REV32_asimdmisc_R:
      return reverse(s, insn, 2);
    case Op.SUQADD_asimdmisc_R:
      return vectorMisc(s, insn, L.SUQADD, sizeOf(insn));
    case Op.USQADD_asimdmisc_R:
      return vectorMisc(s, insn, L.USQADD, sizeOf(insn));
    case Op.SQABS_asimdmisc_R:
      return vectorMisc(s, insn, L.SQABS, sizeOf(insn));
    case Op.SQNEG_asimdmisc_R:
      return vectorMisc(s, insn, L.SQNEG, sizeOf(insn));
    case Op.ABS_asimdmisc_R:
      return vectorMisc(s, insn, L.ABS, sizeOf(insn));
    case Op.NEG_asimdmisc_R:
      return vectorMisc(s, insn, L.NEG, sizeOf(insn));
    case Op.CMGT_asimdmisc_Z:
      return vectorMisc(s, insn, L.CMGT0, sizeOf(insn));
    case Op.CMEQ_asimdmisc_Z:
      return vectorMisc(s, insn, L.CMEQ0, sizeOf(insn));
    case Op.CMLT_asimdmisc_Z:
      return vectorMisc(s, insn, L.CMLT0, sizeOf(insn));
    case Op.CMGE_asimdmisc_Z:
      return vectorMisc(s, insn, L.CMGE0, sizeOf(insn));
    case Op.CMLE_asimdmisc_Z:
      return vectorMisc(s, insn, L.CMLE0, sizeOf(insn));
    case Op.NOT_asimdmisc_R:
      return vectorMisc(s, insn, L.NOT, 0);
    case Op.RBIT_asimdmisc_R:
      return vectorMisc(s, insn, L.RBIT, 0);
    case Op.SADDLP_asimdmisc_P:
      return pairLong(s, insn, false, false);
    case Op.SADALP_asimdmisc_P:
      return pairLong(s, insn, false, true);
    case Op.UADDLP_asimdmisc_P:
      return pairLong(s, insn, true, false);
    case Op.UADALP_asimdmisc_P:
      return pairLong(s, insn, true, true);
    case Op.XTN_asimdmisc_N:
      return narrow(s, insn, false, true, true, false);
    case Op.SQXTN_asimdmisc_N:
      return narrow(s, insn, true, false, false, false);
    case Op.SQXTUN_asimdmisc_N:
      return narrow(s, insn, true, false, true, false);
    case Op.UQXTN_asimdmisc_N:
      return narrow(s, insn, true, true, true, false);
    case Op.SHLL_asimdmisc_S:
      return shiftLongBySize(s, insn);
    case Op.FCVTN_asimdmisc_N:
      return convertNarrow(s, insn, formatOf(insn), formatOf(insn) - 1, rmode());
    case Op.FCVTL_asimdmisc_L:
      return convertLong(s, insn, formatOf(insn) - 1);
    case Op.FCVTXN_asimdmisc_N:
      return convertNarrow(s, insn, D, S, ODD);
    case Op.BFCVTN_asimdmisc_4S:
      return convertNarrowBf(s, insn);
    case Op.FRINTN_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINTN, formatOf(insn));
    case Op.FRINTM_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINTM, formatOf(insn));
    case Op.FCVTNS_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTNS, formatOf(insn));
    case Op.FCVTMS_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTMS, formatOf(insn));
    case Op.FCVTAS_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTAS, formatOf(insn));
    case Op.SCVTF_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.SCVTF, formatOf(insn));
    case Op.FABS_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FABS, formatOf(insn));
    case Op.FRINTP_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINTP, formatOf(insn));
    case Op.FRINTZ_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINTZ, formatOf(insn));
    case Op.FCVTPS_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTPS, formatOf(insn));
    case Op.FCVTZS_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTZS, formatOf(insn));
    case Op.FRECPE_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRECPE, formatOf(insn));
    case Op.FRINTA_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINTA, formatOf(insn));
    case Op.FRINTX_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINTX, formatOf(insn));
    case Op.FCVTNU_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTNU, formatOf(insn));
    case Op.FCVTMU_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTMU, formatOf(insn));
    case Op.FCVTAU_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTAU, formatOf(insn));
    case Op.UCVTF_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.UCVTF, formatOf(insn));
    case Op.FNEG_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FNEG, formatOf(insn));
    case Op.FRINTI_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINTI, formatOf(insn));
    case Op.FCVTPU_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTPU, formatOf(insn));
    case Op.FCVTZU_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FCVTZU, formatOf(insn));
    case Op.FRSQRTE_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRSQRTE, formatOf(insn));
    case Op.FSQRT_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FSQRT, formatOf(insn));
    case Op.FCMGT_asimdmisc_FZ:
      return vectorMiscFloat(s, insn, L.FCMGT0, formatOf(insn));
    case Op.FCMEQ_asimdmisc_FZ:
      return vectorMiscFloat(s, insn, L.FCMEQ0, formatOf(insn));
    case Op.FCMLT_asimdmisc_FZ:
      return vectorMiscFloat(s, insn, L.FCMLT0, formatOf(insn));
    case Op.FCMGE_asimdmisc_FZ:
      return vectorMiscFloat(s, insn, L.FCMGE0, formatOf(insn));
    case Op.FCMLE_asimdmisc_FZ:
      return vectorMiscFloat(s, insn, L.FCMLE0, formatOf(insn));
    case Op.FRINT32Z_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINT32Z, formatOf(insn));
    case Op.FRINT64Z_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINT64Z, formatOf(insn));
    case Op.FRINT32X_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINT32X, formatOf(insn));
    case Op.FRINT64X_asimdmisc_R:
      return vectorMiscFloat(s, insn, L.FRINT64X, formatOf(insn));
    case Op.URECPE_asimdmisc_R:
      return estimateUnsigned(s, insn, false);
    case Op.URSQRTE_asimdmisc_R:
      return estimateUnsigned(s, insn, true);
    case Op.SADDLV_asimdall_only:
      return acrossLong(s, insn, false);
    case Op.UADDLV_asimdall_only:
      return acrossLong(s, insn, true);
    case Op.SMAXV_asimdall_only:
      return across(s, insn, L.SMAX);
    case Op.SMINV_asimdall_only:
      return across(s, insn, L.SMIN);
    case Op.ADDV_asimdall_only:
      return across(s, insn, L.ADD);
    case Op.UMAXV_asimdall_only:
      return across(s, insn, L.UMAX);
    case Op.UMINV_asimdall_only:
      return across(s, insn, L.UMIN);
    case Op.FMAXNMV_asimdall_only_H:
      return acrossFloat(s, insn, L.FMAXNM, H);
    case Op.FMAXV_asimdall_only_H:
      return acrossFloat(s, insn, L.FMAX, H);
    case Op.FMINNMV_asimdall_only_H:
      return acrossFloat(s, insn, L.FMINNM, H);
    case Op.FMINV_asimdall_only_H:
      return acrossFloat(s, insn, L.FMIN, H);
    case Op.FMAXNMV_asimdall_only_SD:
      return acrossFloat(s, insn, L.FMAXNM, S);
    case Op.FMAXV_asimdall_only_SD:
      return acrossFloat(s, insn, L.FMAX, S);
    case Op.FMINNMV_asimdall_only_SD:
      return acrossFloat(s, insn, L.FMINNM, S);
    case Op.FMINV_asimdall_only_SD:
      return acrossFloat(s, insn, L.FMIN, S);
    case Op.SADDL_asimddiff_L:
      return long(s, insn, L.ADDL, false);
    case Op.SSUBL_asimddiff_L:
      return long(s, insn, L.SUBL, false);
    case Op.SABAL_asimddiff_L:
      return long(s, insn, L.ABAL, false);
    case Op.SABDL_asimddiff_L:
      return long(s, insn, L.ABDL, false);
    case Op.SMLAL_asimddiff_L:
      return long(s, insn, L.MLAL, false);
    case Op.SMLSL_asimddiff_L:
      return long(s, insn, L.MLSL, false);
    case Op.SMULL_asimddiff_L:
      return long(s, insn, L.MULL, false);
    case Op.UADDL_asimddiff_L:
      return long(s, insn, L.ADDL, true);
    case Op.USUBL_asimddiff_L:
      return long(s, insn, L.SUBL, true);
    case Op.UABAL_asimddiff_L:
      return long(s, insn, L.ABAL, true);
    case Op.UABDL_asimddiff_L:
      return long(s, insn, L.ABDL, true);
    case Op.UMLAL_asimddiff_L:
      return long(s, insn, L.MLAL, true);
    case Op.UMLSL_asimddiff_L:
      return long(s, insn, L.MLSL, true);
    case Op.UMULL_asimddiff_L:
      return long(s, insn, L.MULL, true);
    case Op.SQDMLAL_asimddiff_L:
      return long(s, insn, L.SQDMLAL, false);
    case Op.SQDMLSL_asimddiff_L:
      return long(s, insn, L.SQDMLSL, false);
    case Op.SQDMULL_asimddiff_L:
      return long(s, insn, L.SQDMULL, false);
    case Op.PMULL_asimddiff_L:
      return polynomialLong(s, insn);
    case Op.SADDW_asimddiff_W:
      return wide(s, insn, false, false);
    case Op.SSUBW_asimddiff_W:
      return wide(s, insn, false, true);
    case Op.UADDW_asimddiff_W:
      return wide(s, insn, true, false);
    case Op.USUBW_asimddiff_W:
      return wide(s, insn, true, true);
    case Op.ADDHN_asimddiff_N:
      return highNarrow(s, insn, false, false);
    case Op.SUBHN_asimddiff_N:
      return highNarrow(s, insn, true, false);
    case Op.RADDHN_asimddiff_N:
      return highNarrow(s, insn, false, true);
    case Op.RSUBHN_asimddiff_N:
      return highNarrow(s, insn, true, true);
    case Op.SHADD_asimdsame_only:
      return vector(s, insn, L.SHADD);
    case Op.SRHADD_asimdsame_only:
      return vector(s, insn, L.SRHADD);
    case Op.SHSUB_asimdsame_only:
      return vector(s, insn, L.SHSUB);
    case Op.SMAX_asimdsame_only:
      return vector(s, insn, L.SMAX);
    case Op.SMIN_asimdsame_only:
      return vector(s, insn, L.SMIN);
    case Op.SABD_asimdsame_only:
      return vector(s, insn, L.SABD);
    case Op.SABA_asimdsame_only:
      return vector(s, insn, L.SABA);
    case Op.MLA_asimdsame_only:
      return vector(s, insn, L.MLA);
    case Op.MUL_asimdsame_only:
      return vector(s, insn, L.MUL);
    case Op.SMAXP_asimdsame_only:
      return pairwise(s, insn, L.SMAX);
    case Op.SMINP_asimdsame_only:
      return pairwise(s, insn, L.SMIN);
    case Op.UHADD_asimdsame_only:
      return vector(s, insn, L.UHADD);
    case Op.URHADD_asimdsame_only:
      return vector(s, insn, L.URHADD);
    case Op.UHSUB_asimdsame_only:
      return vector(s, insn, L.UHSUB);
    case Op.UMAX_asimdsame_only:
      return vector(s, insn, L.UMAX);
    case Op.UMIN_asimdsame_only:
      return vector(s, insn, L.UMIN);
    case Op.UABD_asimdsame_only:
      return vector(s, insn, L.UABD);
    case Op.UABA_asimdsame_only:
      return vector(s, insn, L.UABA);
    case Op.MLS_asimdsame_only:
      return vector(s, insn, L.MLS);
    case Op.UMAXP_asimdsame_only:
      return pairwise(s, insn, L.UMAX);
    case Op.UMINP_asimdsame_only:
      return pairwise(s, insn, L.UMIN);
    case Op.SQADD_asimdsame_only:
      return vector(s, insn, L.SQADD);
    case Op.SQSUB_asimdsame_only:
      return vector(s, insn, L.SQSUB);
    case Op.CMGT_asimdsame_only:
      return vector(s, insn, L.CMGT);
    case Op.CMGE_asimdsame_only:
      return vector(s, insn, L.CMGE);
    case Op.SSHL_asimdsame_only:
      return vector(s, insn, L.SSHL);
    case Op.SQSHL_asimdsame_only:
      return vector(s, insn, L.SQSHL);
    case Op.SRSHL_asimdsame_only:
      return vector(s, insn, L.SRSHL);
    case Op.SQRSHL_asimdsame_only:
      return vector(s, insn, L.SQRSHL);
    case Op.ADD_asimdsame_only:
      return vector(s, insn, L.ADD);
    case Op.CMTST_asimdsame_only:
      return vector(s, insn, L.CMTST);
    case Op.ADDP_asimdsame_only:
      return pairwise(s, insn, L.ADD);
    case Op.UQADD_asimdsame_only:
      return vector(s, insn, L.UQADD);
    case Op.UQSUB_asimdsame_only:
      return vector(s, insn, L.UQSUB);
    case Op.CMHI_asimdsame_only:
      return vector(s, insn, L.CMHI);
    case Op.CMHS_asimdsame_only:
      return vector(s, insn, L.CMHS);
    case Op.USHL_asimdsame_only:
      return vector(s, insn, L.USHL);
    case Op.UQSHL_asimdsame_only:
      return vector(s, insn, L.UQSHL);
    case Op.URSHL_asimdsame_only:
      return vector(s, insn, L.URSHL);
    case Op.UQRSHL_asimdsame_only:
      return vector(s, insn, L.UQRSHL);
    case Op.SUB_asimdsame_only:
      return vector(s, insn, L.SUB);
    case Op.CMEQ_asimdsame_only:
      return vector(s, insn, L.CMEQ);
    case Op.SQDMULH_asimdsame_only:
      return vector(s, insn, L.SQDMULH);
    case Op.SQRDMULH_asimdsame_only:
      return vector(s, insn, L.SQRDMULH);
    case Op.PMUL_asimdsame_only:
      return vector(s, insn, L.PMUL);
    case Op.AND_asimdsame_only:
      return writeVector(s, insn, v128.and(v128.load(v(s, n(insn))), v128.load(v(s, m(insn)))));
    case Op.BIC_asimdsame_only:
      return writeVector(s, insn, v128.andnot(v128.load(v(s, n(insn))), v128.load(v(s, m(insn)))));
    case Op.ORR_asimdsame_only:
      return writeVector(s, insn, v128.or(v128.load(v(s, n(insn))), v128.load(v(s, m(insn)))));
    case Op.ORN_asimdsame_only:
      return writeVector(s, insn, v128.or(v128.load(v(s, n(insn))), v128.not(v128.load(v(s, m(insn))))));
    case Op.EOR_asimdsame_only:
      return writeVector(s, insn, v128.xor(v128.load(v(s, n(insn))), v128.load(v(s, m(insn)))));
    case Op.BSL_asimdsame_only:
      return writeVector(
        s,
        insn,
        v128.bitselect(v128.load(v(s, n(insn))), v128.load(v(s, m(insn))), v128.load(v(s, d(insn)))),
      );
    case Op.BIT_asimdsame_only:
      return writeVector(
        s,
        insn,
        v128.bitselect(v128.load(v(s, n(insn))), v128.load(v(s, d(insn))), v128.load(v(s, m(insn)))),
      );
    case Op.BIF_asimdsame_only:
      return writeVector(
        s,
        insn,
        v128.bitselect(v128.load(v(s, d(insn))), v128.load(v(s, n(insn))), v128.load(v(s, m(insn)))),
      );
    case Op.FMAXNM_asimdsame_only:
      return vectorFloat(s, insn, L.FMAXNM, formatOf(insn));
    case Op.FMLA_asimdsame_only:
      return vectorFloat(s, insn, L.FMLA, formatOf(insn));
    case Op.FADD_asimdsame_only:
      return vectorFloat(s, insn, L.FADD, formatOf(insn));
    case Op.FMULX_asimdsame_only:
      return vectorFloat(s, insn, L.FMULX, formatOf(insn));
    case Op.FCMEQ_asimdsame_only:
      return vectorFloat(s, insn, L.FCMEQ, formatOf(insn));
    case Op.FMAX_asimdsame_only:
      return vectorFloat(s, insn, L.FMAX, formatOf(insn));
    case Op.FRECPS_asimdsame_only:
      return vectorFloat(s, insn, L.FRECPS, formatOf(insn));
    case Op.FMINNM_asimdsame_only:
      return vectorFloat(s, insn, L.FMINNM, formatOf(insn));
    case Op.FMLS_asimdsame_only:
      return vectorFloat(s, insn, L.FMLS, formatOf(insn));
    case Op.FSUB_asimdsame_only:
      return vectorFloat(s, insn, L.FSUB, formatOf(insn));
    case Op.FMIN_asimdsame_only:
      return vectorFloat(s, insn, L.FMIN, formatOf(insn));
    case Op.FRSQRTS_asimdsame_only:
      return vectorFloat(s, insn, L.FRSQRTS, formatOf(insn));
    case Op.FMAXNMP_asimdsame_only:
      return pairwiseFloat(s, insn, L.FMAXNM, formatOf(insn));
    case Op.FADDP_asimdsame_only:
      return pairwiseFloat(s, insn, L.FADD, formatOf(insn));
    case Op.FMUL_asimdsame_only:
      return vectorFloat(s, insn, L.FMUL, formatOf(insn));
    case Op.FCMGE_asimdsame_only:
      return vectorFloat(s, insn, L.FCMGE, formatOf(insn));
    case Op.FACGE_asimdsame_only:
      return vectorFloat(s, insn, L.FACGE, formatOf(insn));
    case Op.FMAXP_asimdsame_only:
      return pairwiseFloat(s, insn, L.FMAX, formatOf(insn));
    case Op.FDIV_asimdsame_only:
      return vectorFloat(s, insn, L.FDIV, formatOf(insn));
    case Op.FMINNMP_asimdsame_only:
      return pairwiseFloat(s, insn, L.FMINNM, formatOf(insn));
    case Op.FABD_asimdsame_only:
      return vectorFloat(s, insn, L.FABD, formatOf(insn));
    case Op.FCMGT_asimdsame_only:
      return vectorFloat(s, insn, L.FCMGT, formatOf(insn));
    case Op.FACGT_asimdsame_only:
      return vectorFloat(s, insn, L.FACGT, formatOf(insn));
    case Op.FMINP_asimdsame_only:
      return pairwiseFloat(s, insn, L.FMIN, formatOf(insn));
    case Op.FMLAL_asimdsame_F:
      return longHalf(s, insn, false, false, false);
    case Op.FMLSL_asimdsame_F:
      return longHalf(s, insn, false, true, false);
    case Op.FMLAL2_asimdsame_F:
      return longHalf(s, insn, true, false, false);
    case Op.FMLSL2_asimdsame_F:
      return longHalf(s, insn, true, true, false);
    case Op.MOVI_asimdimm_L_sl:
      return immediate(s, insn, replicate(2, imm8(insn) << ((insn >> 10) & 24)), MOVE);
    case Op.ORR_asimdimm_L_sl:
      return immediate(s, insn, replicate(2, imm8(insn) << ((insn >> 10) & 24)), OR);
    case Op.MVNI_asimdimm_L_sl:
      return immediate(s, insn, ~replicate(2, imm8(insn) << ((insn >> 10) & 24)), MOVE);
    case Op.BIC_asimdimm_L_sl:
      return immediate(s, insn, replicate(2, imm8(insn) << ((insn >> 10) & 24)), BIT_CLEAR);
    case Op.MOVI_asimdimm_L_hl:
      return immediate(s, insn, replicate(1, imm8(insn) << ((insn >> 10) & 8)), MOVE);
    case Op.ORR_asimdimm_L_hl:
      return immediate(s, insn, replicate(1, imm8(insn) << ((insn >> 10) & 8)), OR);
    case Op.MVNI_asimdimm_L_hl:
      return immediate(s, insn, ~replicate(1, imm8(insn) << ((insn >> 10) & 8)), MOVE);
    case Op.BIC_asimdimm_L_hl:
      return immediate(s, insn, replicate(1, imm8(insn) << ((insn >> 10) & 8)), BIT_CLEAR);
    case Op.MOVI_asimdimm_M_sm:
      return immediate(s, insn, replicate(2, shiftedOnes(insn)), MOVE);
    case Op.MVNI_asimdimm_M_sm:
      return immediate(s, insn, ~replicate(2, shiftedOnes(insn)), MOVE);
    case Op.MOVI_asimdimm_N_b:
      return immediate(s, insn, replicate(0, imm8(insn)), MOVE);
    case Op.FMOV_asimdimm_S_s:
      return immediate(s, insn, replicate(2, expandImm(S, <u32>imm8(insn))), MOVE);
    case Op.FMOV_asimdimm_H_h:
      return immediate(s, insn, replicate(1, expandImm(H, <u32>imm8(insn))), MOVE);
    case Op.MOVI_asimdimm_D_ds:
      return immediate(s, insn, byteMask(imm8(insn)), MOVE);
    case Op.MOVI_asimdimm_D2_d:
      return immediate(s, insn, byteMask(imm8(insn)), MOVE);
    case Op.FMOV_asimdimm_D2_d:
      return immediate(s, insn, expandImm(D, <u32>imm8(insn)), MOVE);
    case Op.SSHR_asimdshf_R:
      return shiftVector(s, insn, L.SHR, false);
    case Op.SSRA_asimdshf_R:
      return shiftVector(s, insn, L.SRA, false);
    case Op.SRSHR_asimdshf_R:
      return shiftVector(s, insn, L.RSHR, false);
    case Op.SRSRA_asimdshf_R:
      return shiftVector(s, insn, L.RSRA, false);
    case Op.USHR_asimdshf_R:
      return shiftVector(s, insn, L.SHR, true);
    case Op.USRA_asimdshf_R:
      return shiftVector(s, insn, L.SRA, true);
    case Op.URSHR_asimdshf_R:
      return shiftVector(s, insn, L.RSHR, true);
    case Op.URSRA_asimdshf_R:
      return shiftVector(s, insn, L.RSRA, true);
    case Op.SRI_asimdshf_R:
      return shiftVector(s, insn, L.SRI, true);
    case Op.SHL_asimdshf_R:
      return shiftVector(s, insn, L.SHL, true);
    case Op.SLI_asimdshf_R:
      return shiftVector(s, insn, L.SLI, true);
    case Op.SQSHL_asimdshf_R:
      return shiftVector(s, insn, L.QSHL, false);
    case Op.SQSHLU_asimdshf_R:
      return shiftVector(s, insn, L.QSHLU, false);
    case Op.UQSHL_asimdshf_R:
      return shiftVector(s, insn, L.QSHL, true);
    case Op.SHRN_asimdshf_N:
      return shiftNarrow(s, insn, false, true, true, false, false);
    case Op.RSHRN_asimdshf_N:
      return shiftNarrow(s, insn, false, true, true, true, false);
    case Op.SQSHRN_asimdshf_N:
      return shiftNarrow(s, insn, true, false, false, false, false);
    case Op.SQRSHRN_asimdshf_N:
      return shiftNarrow(s, insn, true, false, false, true, false);
    case Op.SQSHRUN_asimdshf_N:
      return shiftNarrow(s, insn, true, false, true, false, false);
    case Op.SQRSHRUN_asimdshf_N:
      return shiftNarrow(s, insn, true, false, true, true, false);
    case Op.UQSHRN_asimdshf_N:
      return shiftNarrow(s, insn, true, true, true, false, false);
    case Op.UQRSHRN_asimdshf_N:
      return shiftNarrow(s, insn, true, true, true, true, false);
    case Op.SSHLL_asimdshf_L:
      return shiftLong(s, insn, false);
    case Op.USHLL_asimdshf_L:
      return shiftLong(s, insn, true);
    case Op.SCVTF_asimdshf_C:
      return fixedVector(s, insn, L.SCVTF);
    case Op.FCVTZS_asimdshf_C:
      return fixedVector(s, insn, L.FCVTZS);
    case Op.UCVTF_asimdshf_C:
      return fixedVector(s, insn, L.UCVTF);
    case Op.FCVTZU_asimdshf_C:
      return fixedVector(s, insn, L.FCVTZU);
    case Op.SMLAL_asimdelem_L:
      return longElement(s, insn, L.MLAL, false);
    case Op.SQDMLAL_asimdelem_L:
      return longElement(s, insn, L.SQDMLAL, false);
    case Op.SMLSL_asimdelem_L:
      return longElement(s, insn, L.MLSL, false);
    case Op.SQDMLSL_asimdelem_L:
      return longElement(s, insn, L.SQDMLSL, false);
    case Op.SMULL_asimdelem_L:
      return longElement(s, insn, L.MULL, false);
    case Op.SQDMULL_asimdelem_L:
      return longElement(s, insn, L.SQDMULL, false);
    case Op.UMLAL_asimdelem_L:
      return longElement(s, insn, L.MLAL, true);
    case Op.UMLSL_asimdelem_L:
      return longElement(s, insn, L.MLSL, true);
    case Op.UMULL_asimdelem_L:
      return longElement(s, insn, L.MULL, true);
    case Op.MUL_asimdelem_R:
      return vectorElement(s, insn, L.MUL);
    case Op.SQDMULH_asimdelem_R:
      return vectorElement(s, insn, L.SQDMULH);
    case Op.SQRDMULH_asimdelem_R:
      return vectorElement(s, insn, L.SQRDMULH);
    case Op.MLA_asimdelem_R:
      return vectorElement(s, insn, L.MLA);
    case Op.MLS_asimdelem_R:
      return vectorElement(s, insn, L.MLS);
    case Op.SQRDMLAH_asimdelem_R:
      return vectorElement(s, insn, L.SQRDMLAH);
    case Op.SQRDMLSH_asimdelem_R:
      return vectorElement(s, insn, L.SQRDMLSH);
    case Op.FMLA_asimdelem_RH_H:
      return vectorFloatElement(s, insn, L.FMLA, H);
    case Op.FMLS_asimdelem_RH_H:
      return vectorFloatElement(s, insn, L.FMLS, H);
    case Op.FMUL_asimdelem_RH_H:
      return vectorFloatElement(s, insn, L.FMUL, H);
    case Op.FMULX_asimdelem_RH_H:
      return vectorFloatElement(s, insn, L.FMULX, H);
    case Op.FMLA_asimdelem_R_SD:
      return vectorFloatElement(s, insn, L.FMLA, formatOf(insn));
    case Op.FMLS_asimdelem_R_SD:
      return vectorFloatElement(s, insn, L.FMLS, formatOf(insn));
    case Op.FMUL_asimdelem_R_SD:
      return vectorFloatElement(s, insn, L.FMUL, formatOf(insn));
    case Op.FMULX_asimdelem_R_SD:
      return vectorFloatElement(s, insn, L.FMULX, formatOf(insn));
    case Op.SDOT_asimdelem_D:
      return dot(s, insn, false, false, indexHL(insn));
    case Op.UDOT_asimdelem_D:
      return dot(s, insn, true, true, indexHL(insn));
    case Op.SUDOT_asimdelem_D:
      return dot(s, insn, false, true, indexHL(insn));
    case Op.USDOT_asimdelem_D:
      return dot(s, insn, true, false, indexHL(insn));
    case Op.BFDOT_asimdelem_E:
      return dotBf(s, insn, indexHL(insn));
    case Op.BFMLAL_asimdelem_F:
      return longBf(s, insn, true);
    case Op.FCMLA_asimdelem_C_H:
      return complexMultiply(s, insn, (insn >> 13) & 3, indexHL(insn));
    case Op.FCMLA_asimdelem_C_S:
      return complexMultiply(s, insn, (insn >> 13) & 3, (insn >> 11) & 1);
    case Op.FMLAL_asimdelem_LH:
      return longHalf(s, insn, false, false, true);
    case Op.FMLSL_asimdelem_LH:
      return longHalf(s, insn, false, true, true);
    case Op.FMLAL2_asimdelem_LH:
      return longHalf(s, insn, true, false, true);
    case Op.FMLSL2_asimdelem_LH:
      return longHalf(s, insn, true, true, true);
    default:
      return false;
  }
}
