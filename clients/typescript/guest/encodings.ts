// Generated from server/hw/a64 by generate_a64.ts. DO NOT EDIT.

/** A64 without Advanced SIMD, an encoding a line: its bits, its text, and what makes it unallocated. */
export const ENCODINGS = `
0 immlo:2 10000 immhi:19 Rd:5 | adr {Xd}, {immhi:immlo s pc}
1 immlo:2 10000 immhi:19 Rd:5 | adrp {Xd}, {immhi:immlo s *4096 page}
sf 0 0 100010 sh imm12:12 Rn:5 Rd:5 | add {Rd|sp}, {Rn|sp}, #{imm12}{sh?, lsl #12}
sf 0 1 100010 sh imm12:12 Rn:5 Rd:5 | adds {Rd}, {Rn|sp}, #{imm12}{sh?, lsl #12}
sf 1 0 100010 sh imm12:12 Rn:5 Rd:5 | sub {Rd|sp}, {Rn|sp}, #{imm12}{sh?, lsl #12}
sf 1 1 100010 sh imm12:12 Rn:5 Rd:5 | subs {Rd}, {Rn|sp}, #{imm12}{sh?, lsl #12}
sf 00 100100 N immr:6 imms:6 Rn:5 Rd:5 | and {Rd|sp}, {Rn}, #{bitmask} | (sf == 0 && N == 1) || (N == 1 && imms == 63) || (N == 0 && (imms == 31 || imms == 47 || imms == 55 || imms == 59 || imms >= 61))
sf 01 100100 N immr:6 imms:6 Rn:5 Rd:5 | orr {Rd|sp}, {Rn}, #{bitmask} | (sf == 0 && N == 1) || (N == 1 && imms == 63) || (N == 0 && (imms == 31 || imms == 47 || imms == 55 || imms == 59 || imms >= 61))
sf 10 100100 N immr:6 imms:6 Rn:5 Rd:5 | eor {Rd|sp}, {Rn}, #{bitmask} | (sf == 0 && N == 1) || (N == 1 && imms == 63) || (N == 0 && (imms == 31 || imms == 47 || imms == 55 || imms == 59 || imms >= 61))
sf 11 100100 N immr:6 imms:6 Rn:5 Rd:5 | ands {Rd}, {Rn}, #{bitmask} | (sf == 0 && N == 1) || (N == 1 && imms == 63) || (N == 0 && (imms == 31 || imms == 47 || imms == 55 || imms == 59 || imms >= 61))
sf 00 100101 hw:2 imm16:16 Rd:5 | movn {Rd}, #{imm16}{hw?, lsl #{hw *16}} | sf == 0 && hw > 1
sf 10 100101 hw:2 imm16:16 Rd:5 | movz {Rd}, #{imm16}{hw?, lsl #{hw *16}} | sf == 0 && hw > 1
sf 11 100101 hw:2 imm16:16 Rd:5 | movk {Rd}, #{imm16}{hw?, lsl #{hw *16}} | sf == 0 && hw > 1
sf 00 100110 N immr:6 imms:6 Rn:5 Rd:5 | sbfm {Rd}, {Rn}, #{immr}, #{imms} | N != sf || (sf == 0 && (immr > 31 || imms > 31))
sf 01 100110 N immr:6 imms:6 Rn:5 Rd:5 | bfm {Rd}, {Rn}, #{immr}, #{imms} | N != sf || (sf == 0 && (immr > 31 || imms > 31))
sf 10 100110 N immr:6 imms:6 Rn:5 Rd:5 | ubfm {Rd}, {Rn}, #{immr}, #{imms} | N != sf || (sf == 0 && (immr > 31 || imms > 31))
sf 00 100111 N 0 Rm:5 imms:6 Rn:5 Rd:5 | extr {Rd}, {Rn}, {Rm}, #{imms} | N != sf || (sf == 0 && imms > 31)
sf 0011010110 Rm:5 000010 Rn:5 Rd:5 | udiv {Rd}, {Rn}, {Rm}
sf 0011010110 Rm:5 000011 Rn:5 Rd:5 | sdiv {Rd}, {Rn}, {Rm}
sf 0011010110 Rm:5 001000 Rn:5 Rd:5 | lslv {Rd}, {Rn}, {Rm}
sf 0011010110 Rm:5 001001 Rn:5 Rd:5 | lsrv {Rd}, {Rn}, {Rm}
sf 0011010110 Rm:5 001010 Rn:5 Rd:5 | asrv {Rd}, {Rn}, {Rm}
sf 0011010110 Rm:5 001011 Rn:5 Rd:5 | rorv {Rd}, {Rn}, {Rm}
0 0011010110 Rm:5 0100 sz:2 Rn:5 Rd:5 | crc32{sz(b h w -)} {Wd}, {Wn}, {Wm} | sz == 3
1 0011010110 Rm:5 010011 Rn:5 Rd:5 | crc32x {Wd}, {Wn}, {Xm}
0 0011010110 Rm:5 0101 sz:2 Rn:5 Rd:5 | crc32c{sz(b h w -)} {Wd}, {Wn}, {Wm} | sz == 3
1 0011010110 Rm:5 010111 Rn:5 Rd:5 | crc32cx {Wd}, {Wn}, {Xm}
1 0011010110 Rm:5 001100 Rn:5 Rd:5 | pacga {Xd}, {Xn}, {Xm|sp}
sf 101101011000000 000000 Rn:5 Rd:5 | rbit {Rd}, {Rn}
sf 101101011000000 000001 Rn:5 Rd:5 | rev16 {Rd}, {Rn}
0 101101011000000 000010 Rn:5 Rd:5 | rev {Wd}, {Wn}
1 101101011000000 000010 Rn:5 Rd:5 | rev32 {Xd}, {Xn}
1 101101011000000 000011 Rn:5 Rd:5 | rev {Xd}, {Xn}
sf 101101011000000 000100 Rn:5 Rd:5 | clz {Rd}, {Rn}
sf 101101011000000 000101 Rn:5 Rd:5 | cls {Rd}, {Rn}
1 101101011000001 0000 key:2 Rn:5 Rd:5 | pac{key(ia ib da db)} {Xd}, {Xn|sp}
1 101101011000001 0001 key:2 Rn:5 Rd:5 | aut{key(ia ib da db)} {Xd}, {Xn|sp}
1 101101011000001 0010 key:2 11111 Rd:5 | pac{key(iza izb dza dzb)} {Xd}
1 101101011000001 0011 key:2 11111 Rd:5 | aut{key(iza izb dza dzb)} {Xd}
1 101101011000001 01000 D 11111 Rd:5 | xpac{D(i d)} {Xd}
sf 00 01010 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5 | and {Rd}, {Rn}, {Rm}{shift} | sf == 0 && imm6 > 31
sf 00 01010 shift:2 1 Rm:5 imm6:6 Rn:5 Rd:5 | bic {Rd}, {Rn}, {Rm}{shift} | sf == 0 && imm6 > 31
sf 01 01010 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5 | orr {Rd}, {Rn}, {Rm}{shift} | sf == 0 && imm6 > 31
sf 01 01010 shift:2 1 Rm:5 imm6:6 Rn:5 Rd:5 | orn {Rd}, {Rn}, {Rm}{shift} | sf == 0 && imm6 > 31
sf 10 01010 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5 | eor {Rd}, {Rn}, {Rm}{shift} | sf == 0 && imm6 > 31
sf 10 01010 shift:2 1 Rm:5 imm6:6 Rn:5 Rd:5 | eon {Rd}, {Rn}, {Rm}{shift} | sf == 0 && imm6 > 31
sf 11 01010 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5 | ands {Rd}, {Rn}, {Rm}{shift} | sf == 0 && imm6 > 31
sf 11 01010 shift:2 1 Rm:5 imm6:6 Rn:5 Rd:5 | bics {Rd}, {Rn}, {Rm}{shift} | sf == 0 && imm6 > 31
sf 0 0 01011 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5 | add {Rd}, {Rn}, {Rm}{shift} | shift == 3 || (sf == 0 && imm6 > 31)
sf 0 1 01011 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5 | adds {Rd}, {Rn}, {Rm}{shift} | shift == 3 || (sf == 0 && imm6 > 31)
sf 1 0 01011 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5 | sub {Rd}, {Rn}, {Rm}{shift} | shift == 3 || (sf == 0 && imm6 > 31)
sf 1 1 01011 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5 | subs {Rd}, {Rn}, {Rm}{shift} | shift == 3 || (sf == 0 && imm6 > 31)
sf 0 0 01011 00 1 Rm:5 option:3 imm3:3 Rn:5 Rd:5 | add {Rd|sp}, {Rn|sp}, {extend} | imm3 > 4
sf 0 1 01011 00 1 Rm:5 option:3 imm3:3 Rn:5 Rd:5 | adds {Rd}, {Rn|sp}, {extend} | imm3 > 4
sf 1 0 01011 00 1 Rm:5 option:3 imm3:3 Rn:5 Rd:5 | sub {Rd|sp}, {Rn|sp}, {extend} | imm3 > 4
sf 1 1 01011 00 1 Rm:5 option:3 imm3:3 Rn:5 Rd:5 | subs {Rd}, {Rn|sp}, {extend} | imm3 > 4
sf 0 0 11010000 Rm:5 000000 Rn:5 Rd:5 | adc {Rd}, {Rn}, {Rm}
sf 0 1 11010000 Rm:5 000000 Rn:5 Rd:5 | adcs {Rd}, {Rn}, {Rm}
sf 1 0 11010000 Rm:5 000000 Rn:5 Rd:5 | sbc {Rd}, {Rn}, {Rm}
sf 1 1 11010000 Rm:5 000000 Rn:5 Rd:5 | sbcs {Rd}, {Rn}, {Rm}
1 0 1 11010000 imm6:6 00001 Rn:5 0 mask:4 | rmif {Xn}, #{imm6}, #{mask}
0 0 1 11010000 000000 sz 0010 Rn:5 0 1101 | setf{sz(8 16)} {Wn}
sf 0 1 11010010 Rm:5 cond:4 00 Rn:5 0 nzcv:4 | ccmn {Rn}, {Rm}, #{nzcv}, {cond}
sf 1 1 11010010 Rm:5 cond:4 00 Rn:5 0 nzcv:4 | ccmp {Rn}, {Rm}, #{nzcv}, {cond}
sf 0 1 11010010 imm5:5 cond:4 10 Rn:5 0 nzcv:4 | ccmn {Rn}, #{imm5}, #{nzcv}, {cond}
sf 1 1 11010010 imm5:5 cond:4 10 Rn:5 0 nzcv:4 | ccmp {Rn}, #{imm5}, #{nzcv}, {cond}
sf 0 0 11010100 Rm:5 cond:4 00 Rn:5 Rd:5 | csel {Rd}, {Rn}, {Rm}, {cond}
sf 0 0 11010100 Rm:5 cond:4 01 Rn:5 Rd:5 | csinc {Rd}, {Rn}, {Rm}, {cond}
sf 1 0 11010100 Rm:5 cond:4 00 Rn:5 Rd:5 | csinv {Rd}, {Rn}, {Rm}, {cond}
sf 1 0 11010100 Rm:5 cond:4 01 Rn:5 Rd:5 | csneg {Rd}, {Rn}, {Rm}, {cond}
sf 00 11011 000 Rm:5 0 Ra:5 Rn:5 Rd:5 | madd {Rd}, {Rn}, {Rm}, {Ra}
sf 00 11011 000 Rm:5 1 Ra:5 Rn:5 Rd:5 | msub {Rd}, {Rn}, {Rm}, {Ra}
1 00 11011 001 Rm:5 0 Ra:5 Rn:5 Rd:5 | smaddl {Xd}, {Wn}, {Wm}, {Xa}
1 00 11011 001 Rm:5 1 Ra:5 Rn:5 Rd:5 | smsubl {Xd}, {Wn}, {Wm}, {Xa}
1 00 11011 010 Rm:5 0 Ra:5 Rn:5 Rd:5 | smulh {Xd}, {Xn}, {Xm}
1 00 11011 101 Rm:5 0 Ra:5 Rn:5 Rd:5 | umaddl {Xd}, {Wn}, {Wm}, {Xa}
1 00 11011 101 Rm:5 1 Ra:5 Rn:5 Rd:5 | umsubl {Xd}, {Wn}, {Wm}, {Xa}
1 00 11011 110 Rm:5 0 Ra:5 Rn:5 Rd:5 | umulh {Xd}, {Xn}, {Xm}
01010100 imm19:19 0 cond:4 | b.{cond} {imm19 s *4 pc}
01010100 imm19:19 1 cond:4 | bc.{cond} {imm19 s *4 pc}
1101011 0000 11111 000000 Rn:5 00000 | br {Xn}
1101011 0001 11111 000000 Rn:5 00000 | blr {Xn}
1101011 0010 11111 000000 Rn:5 00000 | ret{Rn!=30? {Xn}}
1101011 0100 11111 000000 11111 00000 | eret
1101011 0101 11111 000000 11111 00000 | drps
1101011 0000 11111 00001 M Rn:5 11111 | bra{M(a b)}z {Xn}
1101011 0001 11111 00001 M Rn:5 11111 | blra{M(a b)}z {Xn}
1101011 0010 11111 00001 M 11111 11111 | reta{M(a b)}
1101011 0100 11111 00001 M 11111 11111 | ereta{M(a b)}
1101011 1000 11111 00001 M Rn:5 Rm:5 | bra{M(a b)} {Xn}, {Xm|sp}
1101011 1001 11111 00001 M Rn:5 Rm:5 | blra{M(a b)} {Xn}, {Xm|sp}
0 00101 imm26:26 | b {imm26 s *4 pc}
1 00101 imm26:26 | bl {imm26 s *4 pc}
sf 011010 0 imm19:19 Rt:5 | cbz {Rt}, {imm19 s *4 pc}
sf 011010 1 imm19:19 Rt:5 | cbnz {Rt}, {imm19 s *4 pc}
b5 011011 0 b40:5 imm14:14 Rt:5 | tbz {b5=1?{Xt}}{b5=0?{Wt}}, #{b5:b40}, {imm14 s *4 pc}
b5 011011 1 b40:5 imm14:14 Rt:5 | tbnz {b5=1?{Xt}}{b5=0?{Wt}}, #{b5:b40}, {imm14 s *4 pc}
0000000000000000 imm16:16 | udf #{imm16}
11010100 000 imm16:16 000 01 | svc #{imm16}
11010100 000 imm16:16 000 10 | hvc #{imm16}
11010100 000 imm16:16 000 11 | smc #{imm16}
11010100 001 imm16:16 000 00 | brk #{imm16}
11010100 010 imm16:16 000 00 | hlt #{imm16}
11010100 101 imm16:16 000 LL:2 | dcps{LL}{imm16? #{imm16}} | LL == 0
11010101000000110001 0000 000 Rt:5 | wfet {Xt}
11010101000000110001 0000 001 Rt:5 | wfit {Xt}
11010101000000110010 0000 001 11111 | yield
11010101000000110010 0000 010 11111 | wfe
11010101000000110010 0000 011 11111 | wfi
11010101000000110010 0000 100 11111 | sev
11010101000000110010 0000 101 11111 | sevl
11010101000000110010 0000 111 11111 | xpaclri
11010101000000110010 0001 0 M 0 11111 | paci{M(a b)}1716
11010101000000110010 0001 1 M 0 11111 | auti{M(a b)}1716
11010101000000110010 0011 0 M S 11111 | paci{M(a b)}{S(z sp)}
11010101000000110010 0011 1 M S 11111 | auti{M(a b)}{S(z sp)}
11010101000000110010 0100 target:2 0 11111 | bti{target? {target(_ c j jc)}}
11010101000000110010 0000 000 11111 | nop
11010101000000110010 0000 110 11111 | dgh
11010101000000110010 0010 000 11111 | esb
11010101000000110010 0010 001 11111 | psb csync
11010101000000110010 0010 010 11111 | tsb csync
11010101000000110010 0010 100 11111 | csdb
11010101000000110010 0010 110 11111 | clrbhb
11010101000000110010 CRm:4 op2:3 11111 | hint #{CRm:op2}
11010101000000110011 CRm:4 010 11111 | clrex{CRm!=15? #{CRm}}
11010101000000110011 0000 111 11111 | sb
11010101000000110011 CRm:4 100 11111 | dsb {barrier}
11010101000000110011 imm2:2 10 001 11111 | dsb {imm2(osh nsh ish sy)}nXS
11010101000000110011 CRm:4 101 11111 | dmb {barrier}
11010101000000110011 CRm:4 110 11111 | isb{CRm!=15? #{CRm}}
1101010100000 000 0100 0000 000 11111 | cfinv
1101010100000 000 0100 0000 001 11111 | xaflag
1101010100000 000 0100 0000 010 11111 | axflag
1101010100000 op1:3 0100 CRm:4 op2:3 11111 | msr {pstate}, #{CRm} | op1 > 3 || op1 == 2 || (op1 == 0 && (op2 < 3 || op2 > 5)) || (op1 == 1 && (op2 != 0 || CRm > 1)) || (op1 == 3 && (op2 == 0 || op2 == 3 || op2 == 5))
1101010100001 op1:3 CRn:4 CRm:4 op2:3 Rt:5 | sys #{op1}, C{CRn}, C{CRm}, #{op2}{Rt!=31?, {Xt}}
1101010100101 op1:3 CRn:4 CRm:4 op2:3 Rt:5 | sysl {Xt}, #{op1}, C{CRn}, C{CRm}, #{op2}
110101010001 o0 op1:3 CRn:4 CRm:4 op2:3 Rt:5 | msr {sysreg}, {Xt}
110101010011 o0 op1:3 CRn:4 CRm:4 op2:3 Rt:5 | mrs {Xt}, {sysreg}
1 0 0 1000110 uimm6:6 00 uimm4:4 Rn:5 Rd:5 | addg {Xd|sp}, {Xn|sp}, #{uimm6 *16}, #{uimm4}
1 1 0 1000110 uimm6:6 00 uimm4:4 Rn:5 Rd:5 | subg {Xd|sp}, {Xn|sp}, #{uimm6 *16}, #{uimm4}
1 0 0 11010110 Rm:5 000000 Rn:5 Rd:5 | subp {Xd}, {Xn|sp}, {Xm|sp}
1 0 1 11010110 Rm:5 000000 Rn:5 Rd:5 | subps {Xd}, {Xn|sp}, {Xm|sp}
1 0 0 11010110 Rm:5 000100 Rn:5 Rd:5 | irg {Xd|sp}, {Xn|sp}{Rm!=31?, {Xm}}
1 0 0 11010110 Rm:5 000101 Rn:5 Rd:5 | gmi {Xd}, {Xn|sp}, {Xm}
11011001 00 1 000000000 00 Rn:5 Rt:5 | stzgm {Xt}, [{Xn|sp}]
11011001 00 1 imm9:9 01 Rn:5 Rt:5 | stg {Xt|sp}, [{Xn|sp}], #{imm9 s *16}
11011001 00 1 imm9:9 10 Rn:5 Rt:5 | stg {Xt|sp}, [{Xn|sp}{imm9?, #{imm9 s *16}}]
11011001 00 1 imm9:9 11 Rn:5 Rt:5 | stg {Xt|sp}, [{Xn|sp}, #{imm9 s *16}]!
11011001 01 1 imm9:9 00 Rn:5 Rt:5 | ldg {Xt}, [{Xn|sp}{imm9?, #{imm9 s *16}}]
11011001 01 1 imm9:9 01 Rn:5 Rt:5 | stzg {Xt|sp}, [{Xn|sp}], #{imm9 s *16}
11011001 01 1 imm9:9 10 Rn:5 Rt:5 | stzg {Xt|sp}, [{Xn|sp}{imm9?, #{imm9 s *16}}]
11011001 01 1 imm9:9 11 Rn:5 Rt:5 | stzg {Xt|sp}, [{Xn|sp}, #{imm9 s *16}]!
11011001 10 1 000000000 00 Rn:5 Rt:5 | stgm {Xt}, [{Xn|sp}]
11011001 10 1 imm9:9 01 Rn:5 Rt:5 | st2g {Xt|sp}, [{Xn|sp}], #{imm9 s *16}
11011001 10 1 imm9:9 10 Rn:5 Rt:5 | st2g {Xt|sp}, [{Xn|sp}{imm9?, #{imm9 s *16}}]
11011001 10 1 imm9:9 11 Rn:5 Rt:5 | st2g {Xt|sp}, [{Xn|sp}, #{imm9 s *16}]!
11011001 11 1 000000000 00 Rn:5 Rt:5 | ldgm {Xt}, [{Xn|sp}]
11011001 11 1 imm9:9 01 Rn:5 Rt:5 | stz2g {Xt|sp}, [{Xn|sp}], #{imm9 s *16}
11011001 11 1 imm9:9 10 Rn:5 Rt:5 | stz2g {Xt|sp}, [{Xn|sp}{imm9?, #{imm9 s *16}}]
11011001 11 1 imm9:9 11 Rn:5 Rt:5 | stz2g {Xt|sp}, [{Xn|sp}, #{imm9 s *16}]!
01 101 0 001 0 simm7:7 Rt2:5 Rn:5 Rt:5 | stgp {Xt}, {Xt2}, [{Xn|sp}], #{simm7 s *16}
01 101 0 010 0 simm7:7 Rt2:5 Rn:5 Rt:5 | stgp {Xt}, {Xt2}, [{Xn|sp}{simm7?, #{simm7 s *16}}]
01 101 0 011 0 simm7:7 Rt2:5 Rn:5 Rt:5 | stgp {Xt}, {Xt2}, [{Xn|sp}, #{simm7 s *16}]!
0 0 001000 0 L 1 Rs:5 o0 11111 Rn:5 Rt:5 | casp{L:o0(_ l a al)} {Ws}, {Ws+1}, {Wt}, {Wt+1}, [{Xn|sp}] | (Rs & 1) == 1 || (Rt & 1) == 1
0 1 001000 0 L 1 Rs:5 o0 11111 Rn:5 Rt:5 | casp{L:o0(_ l a al)} {Xs}, {Xs+1}, {Xt}, {Xt+1}, [{Xn|sp}] | (Rs & 1) == 1 || (Rt & 1) == 1
00 001000 0 0 0 Rs:5 0 Rt2:5 Rn:5 Rt:5 | stxrb {Ws}, {Wt}, [{Xn|sp}]
01 001000 0 0 0 Rs:5 0 Rt2:5 Rn:5 Rt:5 | stxrh {Ws}, {Wt}, [{Xn|sp}]
10 001000 0 0 0 Rs:5 0 Rt2:5 Rn:5 Rt:5 | stxr {Ws}, {Wt}, [{Xn|sp}]
11 001000 0 0 0 Rs:5 0 Rt2:5 Rn:5 Rt:5 | stxr {Ws}, {Xt}, [{Xn|sp}]
00 001000 0 0 0 Rs:5 1 Rt2:5 Rn:5 Rt:5 | stlxrb {Ws}, {Wt}, [{Xn|sp}]
01 001000 0 0 0 Rs:5 1 Rt2:5 Rn:5 Rt:5 | stlxrh {Ws}, {Wt}, [{Xn|sp}]
10 001000 0 0 0 Rs:5 1 Rt2:5 Rn:5 Rt:5 | stlxr {Ws}, {Wt}, [{Xn|sp}]
11 001000 0 0 0 Rs:5 1 Rt2:5 Rn:5 Rt:5 | stlxr {Ws}, {Xt}, [{Xn|sp}]
1 0 001000 0 0 1 Rs:5 0 Rt2:5 Rn:5 Rt:5 | stxp {Ws}, {Wt}, {Wt2}, [{Xn|sp}]
1 1 001000 0 0 1 Rs:5 0 Rt2:5 Rn:5 Rt:5 | stxp {Ws}, {Xt}, {Xt2}, [{Xn|sp}]
1 0 001000 0 0 1 Rs:5 1 Rt2:5 Rn:5 Rt:5 | stlxp {Ws}, {Wt}, {Wt2}, [{Xn|sp}]
1 1 001000 0 0 1 Rs:5 1 Rt2:5 Rn:5 Rt:5 | stlxp {Ws}, {Xt}, {Xt2}, [{Xn|sp}]
00 001000 0 1 0 Rs:5 0 Rt2:5 Rn:5 Rt:5 | ldxrb {Wt}, [{Xn|sp}]
01 001000 0 1 0 Rs:5 0 Rt2:5 Rn:5 Rt:5 | ldxrh {Wt}, [{Xn|sp}]
10 001000 0 1 0 Rs:5 0 Rt2:5 Rn:5 Rt:5 | ldxr {Wt}, [{Xn|sp}]
11 001000 0 1 0 Rs:5 0 Rt2:5 Rn:5 Rt:5 | ldxr {Xt}, [{Xn|sp}]
00 001000 0 1 0 Rs:5 1 Rt2:5 Rn:5 Rt:5 | ldaxrb {Wt}, [{Xn|sp}]
01 001000 0 1 0 Rs:5 1 Rt2:5 Rn:5 Rt:5 | ldaxrh {Wt}, [{Xn|sp}]
10 001000 0 1 0 Rs:5 1 Rt2:5 Rn:5 Rt:5 | ldaxr {Wt}, [{Xn|sp}]
11 001000 0 1 0 Rs:5 1 Rt2:5 Rn:5 Rt:5 | ldaxr {Xt}, [{Xn|sp}]
1 0 001000 0 1 1 Rs:5 0 Rt2:5 Rn:5 Rt:5 | ldxp {Wt}, {Wt2}, [{Xn|sp}]
1 1 001000 0 1 1 Rs:5 0 Rt2:5 Rn:5 Rt:5 | ldxp {Xt}, {Xt2}, [{Xn|sp}]
1 0 001000 0 1 1 Rs:5 1 Rt2:5 Rn:5 Rt:5 | ldaxp {Wt}, {Wt2}, [{Xn|sp}]
1 1 001000 0 1 1 Rs:5 1 Rt2:5 Rn:5 Rt:5 | ldaxp {Xt}, {Xt2}, [{Xn|sp}]
00 001000 1 0 0 Rs:5 0 Rt2:5 Rn:5 Rt:5 | stllrb {Wt}, [{Xn|sp}]
01 001000 1 0 0 Rs:5 0 Rt2:5 Rn:5 Rt:5 | stllrh {Wt}, [{Xn|sp}]
10 001000 1 0 0 Rs:5 0 Rt2:5 Rn:5 Rt:5 | stllr {Wt}, [{Xn|sp}]
11 001000 1 0 0 Rs:5 0 Rt2:5 Rn:5 Rt:5 | stllr {Xt}, [{Xn|sp}]
00 001000 1 0 0 Rs:5 1 Rt2:5 Rn:5 Rt:5 | stlrb {Wt}, [{Xn|sp}]
01 001000 1 0 0 Rs:5 1 Rt2:5 Rn:5 Rt:5 | stlrh {Wt}, [{Xn|sp}]
10 001000 1 0 0 Rs:5 1 Rt2:5 Rn:5 Rt:5 | stlr {Wt}, [{Xn|sp}]
11 001000 1 0 0 Rs:5 1 Rt2:5 Rn:5 Rt:5 | stlr {Xt}, [{Xn|sp}]
00 001000 1 1 0 Rs:5 0 Rt2:5 Rn:5 Rt:5 | ldlarb {Wt}, [{Xn|sp}]
01 001000 1 1 0 Rs:5 0 Rt2:5 Rn:5 Rt:5 | ldlarh {Wt}, [{Xn|sp}]
10 001000 1 1 0 Rs:5 0 Rt2:5 Rn:5 Rt:5 | ldlar {Wt}, [{Xn|sp}]
11 001000 1 1 0 Rs:5 0 Rt2:5 Rn:5 Rt:5 | ldlar {Xt}, [{Xn|sp}]
00 001000 1 1 0 Rs:5 1 Rt2:5 Rn:5 Rt:5 | ldarb {Wt}, [{Xn|sp}]
01 001000 1 1 0 Rs:5 1 Rt2:5 Rn:5 Rt:5 | ldarh {Wt}, [{Xn|sp}]
10 001000 1 1 0 Rs:5 1 Rt2:5 Rn:5 Rt:5 | ldar {Wt}, [{Xn|sp}]
11 001000 1 1 0 Rs:5 1 Rt2:5 Rn:5 Rt:5 | ldar {Xt}, [{Xn|sp}]
00 001000 1 L 1 Rs:5 o0 11111 Rn:5 Rt:5 | cas{L:o0(_ l a al)}b {Ws}, {Wt}, [{Xn|sp}]
01 001000 1 L 1 Rs:5 o0 11111 Rn:5 Rt:5 | cas{L:o0(_ l a al)}h {Ws}, {Wt}, [{Xn|sp}]
10 001000 1 L 1 Rs:5 o0 11111 Rn:5 Rt:5 | cas{L:o0(_ l a al)} {Ws}, {Wt}, [{Xn|sp}]
11 001000 1 L 1 Rs:5 o0 11111 Rn:5 Rt:5 | cas{L:o0(_ l a al)} {Xs}, {Xt}, [{Xn|sp}]
00 011001 00 0 imm9:9 00 Rn:5 Rt:5 | stlurb {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
00 011001 01 0 imm9:9 00 Rn:5 Rt:5 | ldapurb {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
00 011001 10 0 imm9:9 00 Rn:5 Rt:5 | ldapursb {Xt}, [{Xn|sp}{imm9?, #{imm9 s}}]
00 011001 11 0 imm9:9 00 Rn:5 Rt:5 | ldapursb {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
01 011001 00 0 imm9:9 00 Rn:5 Rt:5 | stlurh {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
01 011001 01 0 imm9:9 00 Rn:5 Rt:5 | ldapurh {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
01 011001 10 0 imm9:9 00 Rn:5 Rt:5 | ldapursh {Xt}, [{Xn|sp}{imm9?, #{imm9 s}}]
01 011001 11 0 imm9:9 00 Rn:5 Rt:5 | ldapursh {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
10 011001 00 0 imm9:9 00 Rn:5 Rt:5 | stlur {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
10 011001 01 0 imm9:9 00 Rn:5 Rt:5 | ldapur {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
10 011001 10 0 imm9:9 00 Rn:5 Rt:5 | ldapursw {Xt}, [{Xn|sp}{imm9?, #{imm9 s}}]
11 011001 00 0 imm9:9 00 Rn:5 Rt:5 | stlur {Xt}, [{Xn|sp}{imm9?, #{imm9 s}}]
11 011001 01 0 imm9:9 00 Rn:5 Rt:5 | ldapur {Xt}, [{Xn|sp}{imm9?, #{imm9 s}}]
00 011 0 00 imm19:19 Rt:5 | ldr {Wt}, {imm19 s *4 pc}
01 011 0 00 imm19:19 Rt:5 | ldr {Xt}, {imm19 s *4 pc}
10 011 0 00 imm19:19 Rt:5 | ldrsw {Xt}, {imm19 s *4 pc}
00 011 1 00 imm19:19 Rt:5 | ldr {St}, {imm19 s *4 pc}
01 011 1 00 imm19:19 Rt:5 | ldr {Dt}, {imm19 s *4 pc}
10 011 1 00 imm19:19 Rt:5 | ldr {Qt}, {imm19 s *4 pc}
11 011 0 00 imm19:19 Rt:5 | prfm {prfop}, {imm19 s *4 pc}
00 011 0 01 00 0 Rs:5 op2:4 01 Rn:5 Rd:5 | cpyfp{op2(_ wt rt t wn wtwn rtwn twn rn wtrn rtrn trn n wtn rtn tn)} [{Xd}]!, [{Xs}]!, {Xn}! | Rd == 31 || Rs == 31 || Rn == 31 || Rd == Rs || Rd == Rn || Rs == Rn
00 011 0 01 01 0 Rs:5 op2:4 01 Rn:5 Rd:5 | cpyfm{op2(_ wt rt t wn wtwn rtwn twn rn wtrn rtrn trn n wtn rtn tn)} [{Xd}]!, [{Xs}]!, {Xn}! | Rd == 31 || Rs == 31 || Rn == 31 || Rd == Rs || Rd == Rn || Rs == Rn
00 011 0 01 10 0 Rs:5 op2:4 01 Rn:5 Rd:5 | cpyfe{op2(_ wt rt t wn wtwn rtwn twn rn wtrn rtrn trn n wtn rtn tn)} [{Xd}]!, [{Xs}]!, {Xn}! | Rd == 31 || Rs == 31 || Rn == 31 || Rd == Rs || Rd == Rn || Rs == Rn
00 011 1 01 00 0 Rs:5 op2:4 01 Rn:5 Rd:5 | cpyp{op2(_ wt rt t wn wtwn rtwn twn rn wtrn rtrn trn n wtn rtn tn)} [{Xd}]!, [{Xs}]!, {Xn}! | Rd == 31 || Rs == 31 || Rn == 31 || Rd == Rs || Rd == Rn || Rs == Rn
00 011 1 01 01 0 Rs:5 op2:4 01 Rn:5 Rd:5 | cpym{op2(_ wt rt t wn wtwn rtwn twn rn wtrn rtrn trn n wtn rtn tn)} [{Xd}]!, [{Xs}]!, {Xn}! | Rd == 31 || Rs == 31 || Rn == 31 || Rd == Rs || Rd == Rn || Rs == Rn
00 011 1 01 10 0 Rs:5 op2:4 01 Rn:5 Rd:5 | cpye{op2(_ wt rt t wn wtwn rtwn twn rn wtrn rtrn trn n wtn rtn tn)} [{Xd}]!, [{Xs}]!, {Xn}! | Rd == 31 || Rs == 31 || Rn == 31 || Rd == Rs || Rd == Rn || Rs == Rn
00 011 0 01 11 0 Rs:5 00 options:2 01 Rn:5 Rd:5 | setp{options(_ t n tn)} [{Xd}]!, {Xn}!, {Xs} | Rd == 31 || Rn == 31 || Rd == Rn || Rs == Rd || Rs == Rn
00 011 0 01 11 0 Rs:5 01 options:2 01 Rn:5 Rd:5 | setm{options(_ t n tn)} [{Xd}]!, {Xn}!, {Xs} | Rd == 31 || Rn == 31 || Rd == Rn || Rs == Rd || Rs == Rn
00 011 0 01 11 0 Rs:5 10 options:2 01 Rn:5 Rd:5 | sete{options(_ t n tn)} [{Xd}]!, {Xn}!, {Xs} | Rd == 31 || Rn == 31 || Rd == Rn || Rs == Rd || Rs == Rn
00 011 1 01 11 0 Rs:5 00 options:2 01 Rn:5 Rd:5 | setgp{options(_ t n tn)} [{Xd}]!, {Xn}!, {Xs} | Rd == 31 || Rn == 31 || Rd == Rn || Rs == Rd || Rs == Rn
00 011 1 01 11 0 Rs:5 01 options:2 01 Rn:5 Rd:5 | setgm{options(_ t n tn)} [{Xd}]!, {Xn}!, {Xs} | Rd == 31 || Rn == 31 || Rd == Rn || Rs == Rd || Rs == Rn
00 011 1 01 11 0 Rs:5 10 options:2 01 Rn:5 Rd:5 | setge{options(_ t n tn)} [{Xd}]!, {Xn}!, {Xs} | Rd == 31 || Rn == 31 || Rd == Rn || Rs == Rd || Rs == Rn
00 101 0 000 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stnp {Wt}, {Wt2}, [{Xn|sp}{imm7?, #{imm7 s *4}}]
00 101 0 000 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldnp {Wt}, {Wt2}, [{Xn|sp}{imm7?, #{imm7 s *4}}]
10 101 0 000 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stnp {Xt}, {Xt2}, [{Xn|sp}{imm7?, #{imm7 s *8}}]
10 101 0 000 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldnp {Xt}, {Xt2}, [{Xn|sp}{imm7?, #{imm7 s *8}}]
00 101 1 000 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stnp {St}, {St2}, [{Xn|sp}{imm7?, #{imm7 s *4}}]
00 101 1 000 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldnp {St}, {St2}, [{Xn|sp}{imm7?, #{imm7 s *4}}]
01 101 1 000 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stnp {Dt}, {Dt2}, [{Xn|sp}{imm7?, #{imm7 s *8}}]
01 101 1 000 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldnp {Dt}, {Dt2}, [{Xn|sp}{imm7?, #{imm7 s *8}}]
10 101 1 000 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stnp {Qt}, {Qt2}, [{Xn|sp}{imm7?, #{imm7 s *16}}]
10 101 1 000 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldnp {Qt}, {Qt2}, [{Xn|sp}{imm7?, #{imm7 s *16}}]
00 101 0 001 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stp {Wt}, {Wt2}, [{Xn|sp}], #{imm7 s *4}
00 101 0 001 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldp {Wt}, {Wt2}, [{Xn|sp}], #{imm7 s *4}
10 101 0 001 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stp {Xt}, {Xt2}, [{Xn|sp}], #{imm7 s *8}
10 101 0 001 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldp {Xt}, {Xt2}, [{Xn|sp}], #{imm7 s *8}
00 101 1 001 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stp {St}, {St2}, [{Xn|sp}], #{imm7 s *4}
00 101 1 001 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldp {St}, {St2}, [{Xn|sp}], #{imm7 s *4}
01 101 1 001 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stp {Dt}, {Dt2}, [{Xn|sp}], #{imm7 s *8}
01 101 1 001 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldp {Dt}, {Dt2}, [{Xn|sp}], #{imm7 s *8}
10 101 1 001 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stp {Qt}, {Qt2}, [{Xn|sp}], #{imm7 s *16}
10 101 1 001 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldp {Qt}, {Qt2}, [{Xn|sp}], #{imm7 s *16}
01 101 0 001 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldpsw {Xt}, {Xt2}, [{Xn|sp}], #{imm7 s *4}
00 101 0 010 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stp {Wt}, {Wt2}, [{Xn|sp}{imm7?, #{imm7 s *4}}]
00 101 0 010 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldp {Wt}, {Wt2}, [{Xn|sp}{imm7?, #{imm7 s *4}}]
10 101 0 010 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stp {Xt}, {Xt2}, [{Xn|sp}{imm7?, #{imm7 s *8}}]
10 101 0 010 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldp {Xt}, {Xt2}, [{Xn|sp}{imm7?, #{imm7 s *8}}]
00 101 1 010 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stp {St}, {St2}, [{Xn|sp}{imm7?, #{imm7 s *4}}]
00 101 1 010 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldp {St}, {St2}, [{Xn|sp}{imm7?, #{imm7 s *4}}]
01 101 1 010 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stp {Dt}, {Dt2}, [{Xn|sp}{imm7?, #{imm7 s *8}}]
01 101 1 010 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldp {Dt}, {Dt2}, [{Xn|sp}{imm7?, #{imm7 s *8}}]
10 101 1 010 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stp {Qt}, {Qt2}, [{Xn|sp}{imm7?, #{imm7 s *16}}]
10 101 1 010 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldp {Qt}, {Qt2}, [{Xn|sp}{imm7?, #{imm7 s *16}}]
01 101 0 010 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldpsw {Xt}, {Xt2}, [{Xn|sp}{imm7?, #{imm7 s *4}}]
00 101 0 011 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stp {Wt}, {Wt2}, [{Xn|sp}, #{imm7 s *4}]!
00 101 0 011 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldp {Wt}, {Wt2}, [{Xn|sp}, #{imm7 s *4}]!
10 101 0 011 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stp {Xt}, {Xt2}, [{Xn|sp}, #{imm7 s *8}]!
10 101 0 011 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldp {Xt}, {Xt2}, [{Xn|sp}, #{imm7 s *8}]!
00 101 1 011 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stp {St}, {St2}, [{Xn|sp}, #{imm7 s *4}]!
00 101 1 011 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldp {St}, {St2}, [{Xn|sp}, #{imm7 s *4}]!
01 101 1 011 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stp {Dt}, {Dt2}, [{Xn|sp}, #{imm7 s *8}]!
01 101 1 011 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldp {Dt}, {Dt2}, [{Xn|sp}, #{imm7 s *8}]!
10 101 1 011 0 imm7:7 Rt2:5 Rn:5 Rt:5 | stp {Qt}, {Qt2}, [{Xn|sp}, #{imm7 s *16}]!
10 101 1 011 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldp {Qt}, {Qt2}, [{Xn|sp}, #{imm7 s *16}]!
01 101 0 011 1 imm7:7 Rt2:5 Rn:5 Rt:5 | ldpsw {Xt}, {Xt2}, [{Xn|sp}, #{imm7 s *4}]!
00 111 0 00 00 0 imm9:9 00 Rn:5 Rt:5 | sturb {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
00 111 0 00 01 0 imm9:9 00 Rn:5 Rt:5 | ldurb {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
00 111 0 00 10 0 imm9:9 00 Rn:5 Rt:5 | ldursb {Xt}, [{Xn|sp}{imm9?, #{imm9 s}}]
00 111 0 00 11 0 imm9:9 00 Rn:5 Rt:5 | ldursb {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
01 111 0 00 00 0 imm9:9 00 Rn:5 Rt:5 | sturh {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
01 111 0 00 01 0 imm9:9 00 Rn:5 Rt:5 | ldurh {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
01 111 0 00 10 0 imm9:9 00 Rn:5 Rt:5 | ldursh {Xt}, [{Xn|sp}{imm9?, #{imm9 s}}]
01 111 0 00 11 0 imm9:9 00 Rn:5 Rt:5 | ldursh {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
10 111 0 00 00 0 imm9:9 00 Rn:5 Rt:5 | stur {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
10 111 0 00 01 0 imm9:9 00 Rn:5 Rt:5 | ldur {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
10 111 0 00 10 0 imm9:9 00 Rn:5 Rt:5 | ldursw {Xt}, [{Xn|sp}{imm9?, #{imm9 s}}]
11 111 0 00 00 0 imm9:9 00 Rn:5 Rt:5 | stur {Xt}, [{Xn|sp}{imm9?, #{imm9 s}}]
11 111 0 00 01 0 imm9:9 00 Rn:5 Rt:5 | ldur {Xt}, [{Xn|sp}{imm9?, #{imm9 s}}]
11 111 0 00 10 0 imm9:9 00 Rn:5 Rt:5 | prfum {prfop}, [{Xn|sp}{imm9?, #{imm9 s}}]
00 111 1 00 00 0 imm9:9 00 Rn:5 Rt:5 | stur {Bt}, [{Xn|sp}{imm9?, #{imm9 s}}]
00 111 1 00 01 0 imm9:9 00 Rn:5 Rt:5 | ldur {Bt}, [{Xn|sp}{imm9?, #{imm9 s}}]
00 111 1 00 10 0 imm9:9 00 Rn:5 Rt:5 | stur {Qt}, [{Xn|sp}{imm9?, #{imm9 s}}]
00 111 1 00 11 0 imm9:9 00 Rn:5 Rt:5 | ldur {Qt}, [{Xn|sp}{imm9?, #{imm9 s}}]
01 111 1 00 00 0 imm9:9 00 Rn:5 Rt:5 | stur {Ht}, [{Xn|sp}{imm9?, #{imm9 s}}]
01 111 1 00 01 0 imm9:9 00 Rn:5 Rt:5 | ldur {Ht}, [{Xn|sp}{imm9?, #{imm9 s}}]
10 111 1 00 00 0 imm9:9 00 Rn:5 Rt:5 | stur {St}, [{Xn|sp}{imm9?, #{imm9 s}}]
10 111 1 00 01 0 imm9:9 00 Rn:5 Rt:5 | ldur {St}, [{Xn|sp}{imm9?, #{imm9 s}}]
11 111 1 00 00 0 imm9:9 00 Rn:5 Rt:5 | stur {Dt}, [{Xn|sp}{imm9?, #{imm9 s}}]
11 111 1 00 01 0 imm9:9 00 Rn:5 Rt:5 | ldur {Dt}, [{Xn|sp}{imm9?, #{imm9 s}}]
00 111 0 00 00 0 imm9:9 01 Rn:5 Rt:5 | strb {Wt}, [{Xn|sp}], #{imm9 s}
00 111 0 00 01 0 imm9:9 01 Rn:5 Rt:5 | ldrb {Wt}, [{Xn|sp}], #{imm9 s}
00 111 0 00 10 0 imm9:9 01 Rn:5 Rt:5 | ldrsb {Xt}, [{Xn|sp}], #{imm9 s}
00 111 0 00 11 0 imm9:9 01 Rn:5 Rt:5 | ldrsb {Wt}, [{Xn|sp}], #{imm9 s}
01 111 0 00 00 0 imm9:9 01 Rn:5 Rt:5 | strh {Wt}, [{Xn|sp}], #{imm9 s}
01 111 0 00 01 0 imm9:9 01 Rn:5 Rt:5 | ldrh {Wt}, [{Xn|sp}], #{imm9 s}
01 111 0 00 10 0 imm9:9 01 Rn:5 Rt:5 | ldrsh {Xt}, [{Xn|sp}], #{imm9 s}
01 111 0 00 11 0 imm9:9 01 Rn:5 Rt:5 | ldrsh {Wt}, [{Xn|sp}], #{imm9 s}
10 111 0 00 00 0 imm9:9 01 Rn:5 Rt:5 | str {Wt}, [{Xn|sp}], #{imm9 s}
10 111 0 00 01 0 imm9:9 01 Rn:5 Rt:5 | ldr {Wt}, [{Xn|sp}], #{imm9 s}
10 111 0 00 10 0 imm9:9 01 Rn:5 Rt:5 | ldrsw {Xt}, [{Xn|sp}], #{imm9 s}
11 111 0 00 00 0 imm9:9 01 Rn:5 Rt:5 | str {Xt}, [{Xn|sp}], #{imm9 s}
11 111 0 00 01 0 imm9:9 01 Rn:5 Rt:5 | ldr {Xt}, [{Xn|sp}], #{imm9 s}
00 111 1 00 00 0 imm9:9 01 Rn:5 Rt:5 | str {Bt}, [{Xn|sp}], #{imm9 s}
00 111 1 00 01 0 imm9:9 01 Rn:5 Rt:5 | ldr {Bt}, [{Xn|sp}], #{imm9 s}
00 111 1 00 10 0 imm9:9 01 Rn:5 Rt:5 | str {Qt}, [{Xn|sp}], #{imm9 s}
00 111 1 00 11 0 imm9:9 01 Rn:5 Rt:5 | ldr {Qt}, [{Xn|sp}], #{imm9 s}
01 111 1 00 00 0 imm9:9 01 Rn:5 Rt:5 | str {Ht}, [{Xn|sp}], #{imm9 s}
01 111 1 00 01 0 imm9:9 01 Rn:5 Rt:5 | ldr {Ht}, [{Xn|sp}], #{imm9 s}
10 111 1 00 00 0 imm9:9 01 Rn:5 Rt:5 | str {St}, [{Xn|sp}], #{imm9 s}
10 111 1 00 01 0 imm9:9 01 Rn:5 Rt:5 | ldr {St}, [{Xn|sp}], #{imm9 s}
11 111 1 00 00 0 imm9:9 01 Rn:5 Rt:5 | str {Dt}, [{Xn|sp}], #{imm9 s}
11 111 1 00 01 0 imm9:9 01 Rn:5 Rt:5 | ldr {Dt}, [{Xn|sp}], #{imm9 s}
00 111 0 00 00 0 imm9:9 10 Rn:5 Rt:5 | sttrb {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
00 111 0 00 01 0 imm9:9 10 Rn:5 Rt:5 | ldtrb {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
00 111 0 00 10 0 imm9:9 10 Rn:5 Rt:5 | ldtrsb {Xt}, [{Xn|sp}{imm9?, #{imm9 s}}]
00 111 0 00 11 0 imm9:9 10 Rn:5 Rt:5 | ldtrsb {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
01 111 0 00 00 0 imm9:9 10 Rn:5 Rt:5 | sttrh {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
01 111 0 00 01 0 imm9:9 10 Rn:5 Rt:5 | ldtrh {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
01 111 0 00 10 0 imm9:9 10 Rn:5 Rt:5 | ldtrsh {Xt}, [{Xn|sp}{imm9?, #{imm9 s}}]
01 111 0 00 11 0 imm9:9 10 Rn:5 Rt:5 | ldtrsh {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
10 111 0 00 00 0 imm9:9 10 Rn:5 Rt:5 | sttr {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
10 111 0 00 01 0 imm9:9 10 Rn:5 Rt:5 | ldtr {Wt}, [{Xn|sp}{imm9?, #{imm9 s}}]
10 111 0 00 10 0 imm9:9 10 Rn:5 Rt:5 | ldtrsw {Xt}, [{Xn|sp}{imm9?, #{imm9 s}}]
11 111 0 00 00 0 imm9:9 10 Rn:5 Rt:5 | sttr {Xt}, [{Xn|sp}{imm9?, #{imm9 s}}]
11 111 0 00 01 0 imm9:9 10 Rn:5 Rt:5 | ldtr {Xt}, [{Xn|sp}{imm9?, #{imm9 s}}]
00 111 0 00 00 0 imm9:9 11 Rn:5 Rt:5 | strb {Wt}, [{Xn|sp}, #{imm9 s}]!
00 111 0 00 01 0 imm9:9 11 Rn:5 Rt:5 | ldrb {Wt}, [{Xn|sp}, #{imm9 s}]!
00 111 0 00 10 0 imm9:9 11 Rn:5 Rt:5 | ldrsb {Xt}, [{Xn|sp}, #{imm9 s}]!
00 111 0 00 11 0 imm9:9 11 Rn:5 Rt:5 | ldrsb {Wt}, [{Xn|sp}, #{imm9 s}]!
01 111 0 00 00 0 imm9:9 11 Rn:5 Rt:5 | strh {Wt}, [{Xn|sp}, #{imm9 s}]!
01 111 0 00 01 0 imm9:9 11 Rn:5 Rt:5 | ldrh {Wt}, [{Xn|sp}, #{imm9 s}]!
01 111 0 00 10 0 imm9:9 11 Rn:5 Rt:5 | ldrsh {Xt}, [{Xn|sp}, #{imm9 s}]!
01 111 0 00 11 0 imm9:9 11 Rn:5 Rt:5 | ldrsh {Wt}, [{Xn|sp}, #{imm9 s}]!
10 111 0 00 00 0 imm9:9 11 Rn:5 Rt:5 | str {Wt}, [{Xn|sp}, #{imm9 s}]!
10 111 0 00 01 0 imm9:9 11 Rn:5 Rt:5 | ldr {Wt}, [{Xn|sp}, #{imm9 s}]!
10 111 0 00 10 0 imm9:9 11 Rn:5 Rt:5 | ldrsw {Xt}, [{Xn|sp}, #{imm9 s}]!
11 111 0 00 00 0 imm9:9 11 Rn:5 Rt:5 | str {Xt}, [{Xn|sp}, #{imm9 s}]!
11 111 0 00 01 0 imm9:9 11 Rn:5 Rt:5 | ldr {Xt}, [{Xn|sp}, #{imm9 s}]!
00 111 1 00 00 0 imm9:9 11 Rn:5 Rt:5 | str {Bt}, [{Xn|sp}, #{imm9 s}]!
00 111 1 00 01 0 imm9:9 11 Rn:5 Rt:5 | ldr {Bt}, [{Xn|sp}, #{imm9 s}]!
00 111 1 00 10 0 imm9:9 11 Rn:5 Rt:5 | str {Qt}, [{Xn|sp}, #{imm9 s}]!
00 111 1 00 11 0 imm9:9 11 Rn:5 Rt:5 | ldr {Qt}, [{Xn|sp}, #{imm9 s}]!
01 111 1 00 00 0 imm9:9 11 Rn:5 Rt:5 | str {Ht}, [{Xn|sp}, #{imm9 s}]!
01 111 1 00 01 0 imm9:9 11 Rn:5 Rt:5 | ldr {Ht}, [{Xn|sp}, #{imm9 s}]!
10 111 1 00 00 0 imm9:9 11 Rn:5 Rt:5 | str {St}, [{Xn|sp}, #{imm9 s}]!
10 111 1 00 01 0 imm9:9 11 Rn:5 Rt:5 | ldr {St}, [{Xn|sp}, #{imm9 s}]!
11 111 1 00 00 0 imm9:9 11 Rn:5 Rt:5 | str {Dt}, [{Xn|sp}, #{imm9 s}]!
11 111 1 00 01 0 imm9:9 11 Rn:5 Rt:5 | ldr {Dt}, [{Xn|sp}, #{imm9 s}]!
00 111 0 00 A R 1 Rs:5 0000 00 Rn:5 Rt:5 | ldadd{A:R(_ l a al)}b {Ws}, {Wt}, [{Xn|sp}]
01 111 0 00 A R 1 Rs:5 0000 00 Rn:5 Rt:5 | ldadd{A:R(_ l a al)}h {Ws}, {Wt}, [{Xn|sp}]
10 111 0 00 A R 1 Rs:5 0000 00 Rn:5 Rt:5 | ldadd{A:R(_ l a al)} {Ws}, {Wt}, [{Xn|sp}]
11 111 0 00 A R 1 Rs:5 0000 00 Rn:5 Rt:5 | ldadd{A:R(_ l a al)} {Xs}, {Xt}, [{Xn|sp}]
00 111 0 00 A R 1 Rs:5 0001 00 Rn:5 Rt:5 | ldclr{A:R(_ l a al)}b {Ws}, {Wt}, [{Xn|sp}]
01 111 0 00 A R 1 Rs:5 0001 00 Rn:5 Rt:5 | ldclr{A:R(_ l a al)}h {Ws}, {Wt}, [{Xn|sp}]
10 111 0 00 A R 1 Rs:5 0001 00 Rn:5 Rt:5 | ldclr{A:R(_ l a al)} {Ws}, {Wt}, [{Xn|sp}]
11 111 0 00 A R 1 Rs:5 0001 00 Rn:5 Rt:5 | ldclr{A:R(_ l a al)} {Xs}, {Xt}, [{Xn|sp}]
00 111 0 00 A R 1 Rs:5 0010 00 Rn:5 Rt:5 | ldeor{A:R(_ l a al)}b {Ws}, {Wt}, [{Xn|sp}]
01 111 0 00 A R 1 Rs:5 0010 00 Rn:5 Rt:5 | ldeor{A:R(_ l a al)}h {Ws}, {Wt}, [{Xn|sp}]
10 111 0 00 A R 1 Rs:5 0010 00 Rn:5 Rt:5 | ldeor{A:R(_ l a al)} {Ws}, {Wt}, [{Xn|sp}]
11 111 0 00 A R 1 Rs:5 0010 00 Rn:5 Rt:5 | ldeor{A:R(_ l a al)} {Xs}, {Xt}, [{Xn|sp}]
00 111 0 00 A R 1 Rs:5 0011 00 Rn:5 Rt:5 | ldset{A:R(_ l a al)}b {Ws}, {Wt}, [{Xn|sp}]
01 111 0 00 A R 1 Rs:5 0011 00 Rn:5 Rt:5 | ldset{A:R(_ l a al)}h {Ws}, {Wt}, [{Xn|sp}]
10 111 0 00 A R 1 Rs:5 0011 00 Rn:5 Rt:5 | ldset{A:R(_ l a al)} {Ws}, {Wt}, [{Xn|sp}]
11 111 0 00 A R 1 Rs:5 0011 00 Rn:5 Rt:5 | ldset{A:R(_ l a al)} {Xs}, {Xt}, [{Xn|sp}]
00 111 0 00 A R 1 Rs:5 0100 00 Rn:5 Rt:5 | ldsmax{A:R(_ l a al)}b {Ws}, {Wt}, [{Xn|sp}]
01 111 0 00 A R 1 Rs:5 0100 00 Rn:5 Rt:5 | ldsmax{A:R(_ l a al)}h {Ws}, {Wt}, [{Xn|sp}]
10 111 0 00 A R 1 Rs:5 0100 00 Rn:5 Rt:5 | ldsmax{A:R(_ l a al)} {Ws}, {Wt}, [{Xn|sp}]
11 111 0 00 A R 1 Rs:5 0100 00 Rn:5 Rt:5 | ldsmax{A:R(_ l a al)} {Xs}, {Xt}, [{Xn|sp}]
00 111 0 00 A R 1 Rs:5 0101 00 Rn:5 Rt:5 | ldsmin{A:R(_ l a al)}b {Ws}, {Wt}, [{Xn|sp}]
01 111 0 00 A R 1 Rs:5 0101 00 Rn:5 Rt:5 | ldsmin{A:R(_ l a al)}h {Ws}, {Wt}, [{Xn|sp}]
10 111 0 00 A R 1 Rs:5 0101 00 Rn:5 Rt:5 | ldsmin{A:R(_ l a al)} {Ws}, {Wt}, [{Xn|sp}]
11 111 0 00 A R 1 Rs:5 0101 00 Rn:5 Rt:5 | ldsmin{A:R(_ l a al)} {Xs}, {Xt}, [{Xn|sp}]
00 111 0 00 A R 1 Rs:5 0110 00 Rn:5 Rt:5 | ldumax{A:R(_ l a al)}b {Ws}, {Wt}, [{Xn|sp}]
01 111 0 00 A R 1 Rs:5 0110 00 Rn:5 Rt:5 | ldumax{A:R(_ l a al)}h {Ws}, {Wt}, [{Xn|sp}]
10 111 0 00 A R 1 Rs:5 0110 00 Rn:5 Rt:5 | ldumax{A:R(_ l a al)} {Ws}, {Wt}, [{Xn|sp}]
11 111 0 00 A R 1 Rs:5 0110 00 Rn:5 Rt:5 | ldumax{A:R(_ l a al)} {Xs}, {Xt}, [{Xn|sp}]
00 111 0 00 A R 1 Rs:5 0111 00 Rn:5 Rt:5 | ldumin{A:R(_ l a al)}b {Ws}, {Wt}, [{Xn|sp}]
01 111 0 00 A R 1 Rs:5 0111 00 Rn:5 Rt:5 | ldumin{A:R(_ l a al)}h {Ws}, {Wt}, [{Xn|sp}]
10 111 0 00 A R 1 Rs:5 0111 00 Rn:5 Rt:5 | ldumin{A:R(_ l a al)} {Ws}, {Wt}, [{Xn|sp}]
11 111 0 00 A R 1 Rs:5 0111 00 Rn:5 Rt:5 | ldumin{A:R(_ l a al)} {Xs}, {Xt}, [{Xn|sp}]
00 111 0 00 A R 1 Rs:5 1000 00 Rn:5 Rt:5 | swp{A:R(_ l a al)}b {Ws}, {Wt}, [{Xn|sp}]
01 111 0 00 A R 1 Rs:5 1000 00 Rn:5 Rt:5 | swp{A:R(_ l a al)}h {Ws}, {Wt}, [{Xn|sp}]
10 111 0 00 A R 1 Rs:5 1000 00 Rn:5 Rt:5 | swp{A:R(_ l a al)} {Ws}, {Wt}, [{Xn|sp}]
11 111 0 00 A R 1 Rs:5 1000 00 Rn:5 Rt:5 | swp{A:R(_ l a al)} {Xs}, {Xt}, [{Xn|sp}]
00 111 0 00 1 0 1 Rs:5 1100 00 Rn:5 Rt:5 | ldaprb {Wt}, [{Xn|sp}]
01 111 0 00 1 0 1 Rs:5 1100 00 Rn:5 Rt:5 | ldaprh {Wt}, [{Xn|sp}]
10 111 0 00 1 0 1 Rs:5 1100 00 Rn:5 Rt:5 | ldapr {Wt}, [{Xn|sp}]
11 111 0 00 1 0 1 Rs:5 1100 00 Rn:5 Rt:5 | ldapr {Xt}, [{Xn|sp}]
00 111 0 00 00 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | strb {Wt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
00 111 0 00 01 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | ldrb {Wt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
00 111 0 00 10 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | ldrsb {Xt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
00 111 0 00 11 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | ldrsb {Wt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
01 111 0 00 00 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | strh {Wt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
01 111 0 00 01 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | ldrh {Wt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
01 111 0 00 10 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | ldrsh {Xt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
01 111 0 00 11 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | ldrsh {Wt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
10 111 0 00 00 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | str {Wt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
10 111 0 00 01 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | ldr {Wt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
10 111 0 00 10 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | ldrsw {Xt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
11 111 0 00 00 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | str {Xt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
11 111 0 00 01 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | ldr {Xt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
11 111 0 00 10 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | prfm {prfop}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
00 111 1 00 00 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | str {Bt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
00 111 1 00 01 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | ldr {Bt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
00 111 1 00 10 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | str {Qt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
00 111 1 00 11 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | ldr {Qt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
01 111 1 00 00 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | str {Ht}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
01 111 1 00 01 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | ldr {Ht}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
10 111 1 00 00 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | str {St}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
10 111 1 00 01 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | ldr {St}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
11 111 1 00 00 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | str {Dt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
11 111 1 00 01 1 Rm:5 option:3 S 10 Rn:5 Rt:5 | ldr {Dt}, [{Xn|sp}, {index}] | option == 0 || option == 1 || option == 4 || option == 5
11 111 0 00 M S 1 imm9:9 0 1 Rn:5 Rt:5 | ldra{M(a b)} {Xt}, [{Xn|sp}{S:imm9?, #{S:imm9 s *8}}]
11 111 0 00 M S 1 imm9:9 1 1 Rn:5 Rt:5 | ldra{M(a b)} {Xt}, [{Xn|sp}{S:imm9?, #{S:imm9 s *8}}]!
00 111 0 01 00 imm12:12 Rn:5 Rt:5 | strb {Wt}, [{Xn|sp}{imm12?, #{imm12}}]
00 111 0 01 01 imm12:12 Rn:5 Rt:5 | ldrb {Wt}, [{Xn|sp}{imm12?, #{imm12}}]
00 111 0 01 10 imm12:12 Rn:5 Rt:5 | ldrsb {Xt}, [{Xn|sp}{imm12?, #{imm12}}]
00 111 0 01 11 imm12:12 Rn:5 Rt:5 | ldrsb {Wt}, [{Xn|sp}{imm12?, #{imm12}}]
01 111 0 01 00 imm12:12 Rn:5 Rt:5 | strh {Wt}, [{Xn|sp}{imm12?, #{imm12 *2}}]
01 111 0 01 01 imm12:12 Rn:5 Rt:5 | ldrh {Wt}, [{Xn|sp}{imm12?, #{imm12 *2}}]
01 111 0 01 10 imm12:12 Rn:5 Rt:5 | ldrsh {Xt}, [{Xn|sp}{imm12?, #{imm12 *2}}]
01 111 0 01 11 imm12:12 Rn:5 Rt:5 | ldrsh {Wt}, [{Xn|sp}{imm12?, #{imm12 *2}}]
10 111 0 01 00 imm12:12 Rn:5 Rt:5 | str {Wt}, [{Xn|sp}{imm12?, #{imm12 *4}}]
10 111 0 01 01 imm12:12 Rn:5 Rt:5 | ldr {Wt}, [{Xn|sp}{imm12?, #{imm12 *4}}]
10 111 0 01 10 imm12:12 Rn:5 Rt:5 | ldrsw {Xt}, [{Xn|sp}{imm12?, #{imm12 *4}}]
11 111 0 01 00 imm12:12 Rn:5 Rt:5 | str {Xt}, [{Xn|sp}{imm12?, #{imm12 *8}}]
11 111 0 01 01 imm12:12 Rn:5 Rt:5 | ldr {Xt}, [{Xn|sp}{imm12?, #{imm12 *8}}]
11 111 0 01 10 imm12:12 Rn:5 Rt:5 | prfm {prfop}, [{Xn|sp}{imm12?, #{imm12 *8}}]
00 111 1 01 00 imm12:12 Rn:5 Rt:5 | str {Bt}, [{Xn|sp}{imm12?, #{imm12}}]
00 111 1 01 01 imm12:12 Rn:5 Rt:5 | ldr {Bt}, [{Xn|sp}{imm12?, #{imm12}}]
00 111 1 01 10 imm12:12 Rn:5 Rt:5 | str {Qt}, [{Xn|sp}{imm12?, #{imm12 *16}}]
00 111 1 01 11 imm12:12 Rn:5 Rt:5 | ldr {Qt}, [{Xn|sp}{imm12?, #{imm12 *16}}]
01 111 1 01 00 imm12:12 Rn:5 Rt:5 | str {Ht}, [{Xn|sp}{imm12?, #{imm12 *2}}]
01 111 1 01 01 imm12:12 Rn:5 Rt:5 | ldr {Ht}, [{Xn|sp}{imm12?, #{imm12 *2}}]
10 111 1 01 00 imm12:12 Rn:5 Rt:5 | str {St}, [{Xn|sp}{imm12?, #{imm12 *4}}]
10 111 1 01 01 imm12:12 Rn:5 Rt:5 | ldr {St}, [{Xn|sp}{imm12?, #{imm12 *4}}]
11 111 1 01 00 imm12:12 Rn:5 Rt:5 | str {Dt}, [{Xn|sp}{imm12?, #{imm12 *8}}]
11 111 1 01 01 imm12:12 Rn:5 Rt:5 | ldr {Dt}, [{Xn|sp}{imm12?, #{imm12 *8}}]
sf 0 0 11110 ftype:2 0 00 010 scale:6 Rn:5 Rd:5 | scvtf {Fd}, {Rn}, #{scale neg +64} | ftype == 2 || (sf == 0 && scale < 32)
sf 0 0 11110 ftype:2 0 00 011 scale:6 Rn:5 Rd:5 | ucvtf {Fd}, {Rn}, #{scale neg +64} | ftype == 2 || (sf == 0 && scale < 32)
sf 0 0 11110 ftype:2 0 11 000 scale:6 Rn:5 Rd:5 | fcvtzs {Rd}, {Fn}, #{scale neg +64} | ftype == 2 || (sf == 0 && scale < 32)
sf 0 0 11110 ftype:2 0 11 001 scale:6 Rn:5 Rd:5 | fcvtzu {Rd}, {Fn}, #{scale neg +64} | ftype == 2 || (sf == 0 && scale < 32)
sf 0 0 11110 ftype:2 1 00 000 000000 Rn:5 Rd:5 | fcvtns {Rd}, {Fn} | ftype == 2
sf 0 0 11110 ftype:2 1 00 001 000000 Rn:5 Rd:5 | fcvtnu {Rd}, {Fn} | ftype == 2
sf 0 0 11110 ftype:2 1 00 100 000000 Rn:5 Rd:5 | fcvtas {Rd}, {Fn} | ftype == 2
sf 0 0 11110 ftype:2 1 00 101 000000 Rn:5 Rd:5 | fcvtau {Rd}, {Fn} | ftype == 2
sf 0 0 11110 ftype:2 1 01 000 000000 Rn:5 Rd:5 | fcvtps {Rd}, {Fn} | ftype == 2
sf 0 0 11110 ftype:2 1 01 001 000000 Rn:5 Rd:5 | fcvtpu {Rd}, {Fn} | ftype == 2
sf 0 0 11110 ftype:2 1 10 000 000000 Rn:5 Rd:5 | fcvtms {Rd}, {Fn} | ftype == 2
sf 0 0 11110 ftype:2 1 10 001 000000 Rn:5 Rd:5 | fcvtmu {Rd}, {Fn} | ftype == 2
sf 0 0 11110 ftype:2 1 11 000 000000 Rn:5 Rd:5 | fcvtzs {Rd}, {Fn} | ftype == 2
sf 0 0 11110 ftype:2 1 11 001 000000 Rn:5 Rd:5 | fcvtzu {Rd}, {Fn} | ftype == 2
sf 0 0 11110 ftype:2 1 00 010 000000 Rn:5 Rd:5 | scvtf {Fd}, {Rn} | ftype == 2
sf 0 0 11110 ftype:2 1 00 011 000000 Rn:5 Rd:5 | ucvtf {Fd}, {Rn} | ftype == 2
sf 0 0 11110 11 1 00 110 000000 Rn:5 Rd:5 | fmov {Rd}, {Hn}
sf 0 0 11110 11 1 00 111 000000 Rn:5 Rd:5 | fmov {Hd}, {Rn}
0 0 0 11110 00 1 00 110 000000 Rn:5 Rd:5 | fmov {Wd}, {Sn}
0 0 0 11110 00 1 00 111 000000 Rn:5 Rd:5 | fmov {Sd}, {Wn}
1 0 0 11110 01 1 00 110 000000 Rn:5 Rd:5 | fmov {Xd}, {Dn}
1 0 0 11110 01 1 00 111 000000 Rn:5 Rd:5 | fmov {Dd}, {Xn}
1 0 0 11110 10 1 01 110 000000 Rn:5 Rd:5 | fmov {Xd}, {Vn}.d[1]
1 0 0 11110 10 1 01 111 000000 Rn:5 Rd:5 | fmov {Vd}.d[1], {Xn}
0 0 0 11110 01 1 11 110 000000 Rn:5 Rd:5 | fjcvtzs {Wd}, {Dn}
0 0 0 11110 ftype:2 1 000000 10000 Rn:5 Rd:5 | fmov {Fd}, {Fn} | ftype == 2
0 0 0 11110 ftype:2 1 000001 10000 Rn:5 Rd:5 | fabs {Fd}, {Fn} | ftype == 2
0 0 0 11110 ftype:2 1 000010 10000 Rn:5 Rd:5 | fneg {Fd}, {Fn} | ftype == 2
0 0 0 11110 ftype:2 1 000011 10000 Rn:5 Rd:5 | fsqrt {Fd}, {Fn} | ftype == 2
0 0 0 11110 ftype:2 1 001000 10000 Rn:5 Rd:5 | frintn {Fd}, {Fn} | ftype == 2
0 0 0 11110 ftype:2 1 001001 10000 Rn:5 Rd:5 | frintp {Fd}, {Fn} | ftype == 2
0 0 0 11110 ftype:2 1 001010 10000 Rn:5 Rd:5 | frintm {Fd}, {Fn} | ftype == 2
0 0 0 11110 ftype:2 1 001011 10000 Rn:5 Rd:5 | frintz {Fd}, {Fn} | ftype == 2
0 0 0 11110 ftype:2 1 001100 10000 Rn:5 Rd:5 | frinta {Fd}, {Fn} | ftype == 2
0 0 0 11110 ftype:2 1 001110 10000 Rn:5 Rd:5 | frintx {Fd}, {Fn} | ftype == 2
0 0 0 11110 ftype:2 1 001111 10000 Rn:5 Rd:5 | frinti {Fd}, {Fn} | ftype == 2
0 0 0 11110 ftype:2 1 0001 opc:2 10000 Rn:5 Rd:5 | fcvt {opc(s d - h)}{Rd +0}, {Fn} | ftype == 2 || opc == 2 || ftype == opc
0 0 0 11110 01 1 000110 10000 Rn:5 Rd:5 | bfcvt {Hd}, {Sn}
0 0 0 11110 ftype:2 1 010000 10000 Rn:5 Rd:5 | frint32z {Fd}, {Fn} | ftype >= 2
0 0 0 11110 ftype:2 1 010001 10000 Rn:5 Rd:5 | frint32x {Fd}, {Fn} | ftype >= 2
0 0 0 11110 ftype:2 1 010010 10000 Rn:5 Rd:5 | frint64z {Fd}, {Fn} | ftype >= 2
0 0 0 11110 ftype:2 1 010011 10000 Rn:5 Rd:5 | frint64x {Fd}, {Fn} | ftype >= 2
0 0 0 11110 ftype:2 1 Rm:5 00 1000 Rn:5 00000 | fcmp {Fn}, {Fm} | ftype == 2
0 0 0 11110 ftype:2 1 Rm:5 00 1000 Rn:5 10000 | fcmpe {Fn}, {Fm} | ftype == 2
0 0 0 11110 ftype:2 1 00000 00 1000 Rn:5 01000 | fcmp {Fn}, #0.0 | ftype == 2
0 0 0 11110 ftype:2 1 00000 00 1000 Rn:5 11000 | fcmpe {Fn}, #0.0 | ftype == 2
0 0 0 11110 ftype:2 1 imm8:8 100 00000 Rd:5 | fmov {Fd}, #{fpimm} | ftype == 2
0 0 0 11110 ftype:2 1 Rm:5 cond:4 01 Rn:5 0 nzcv:4 | fccmp {Fn}, {Fm}, #{nzcv}, {cond} | ftype == 2
0 0 0 11110 ftype:2 1 Rm:5 cond:4 01 Rn:5 1 nzcv:4 | fccmpe {Fn}, {Fm}, #{nzcv}, {cond} | ftype == 2
0 0 0 11110 ftype:2 1 Rm:5 0000 10 Rn:5 Rd:5 | fmul {Fd}, {Fn}, {Fm} | ftype == 2
0 0 0 11110 ftype:2 1 Rm:5 0001 10 Rn:5 Rd:5 | fdiv {Fd}, {Fn}, {Fm} | ftype == 2
0 0 0 11110 ftype:2 1 Rm:5 0010 10 Rn:5 Rd:5 | fadd {Fd}, {Fn}, {Fm} | ftype == 2
0 0 0 11110 ftype:2 1 Rm:5 0011 10 Rn:5 Rd:5 | fsub {Fd}, {Fn}, {Fm} | ftype == 2
0 0 0 11110 ftype:2 1 Rm:5 0100 10 Rn:5 Rd:5 | fmax {Fd}, {Fn}, {Fm} | ftype == 2
0 0 0 11110 ftype:2 1 Rm:5 0101 10 Rn:5 Rd:5 | fmin {Fd}, {Fn}, {Fm} | ftype == 2
0 0 0 11110 ftype:2 1 Rm:5 0110 10 Rn:5 Rd:5 | fmaxnm {Fd}, {Fn}, {Fm} | ftype == 2
0 0 0 11110 ftype:2 1 Rm:5 0111 10 Rn:5 Rd:5 | fminnm {Fd}, {Fn}, {Fm} | ftype == 2
0 0 0 11110 ftype:2 1 Rm:5 1000 10 Rn:5 Rd:5 | fnmul {Fd}, {Fn}, {Fm} | ftype == 2
0 0 0 11110 ftype:2 1 Rm:5 cond:4 11 Rn:5 Rd:5 | fcsel {Fd}, {Fn}, {Fm}, {cond} | ftype == 2
0 0 0 11111 ftype:2 0 Rm:5 0 Ra:5 Rn:5 Rd:5 | fmadd {Fd}, {Fn}, {Fm}, {Fa} | ftype == 2
0 0 0 11111 ftype:2 0 Rm:5 1 Ra:5 Rn:5 Rd:5 | fmsub {Fd}, {Fn}, {Fm}, {Fa} | ftype == 2
0 0 0 11111 ftype:2 1 Rm:5 0 Ra:5 Rn:5 Rd:5 | fnmadd {Fd}, {Fn}, {Fm}, {Fa} | ftype == 2
0 0 0 11111 ftype:2 1 Rm:5 1 Ra:5 Rn:5 Rd:5 | fnmsub {Fd}, {Fn}, {Fm}, {Fa} | ftype == 2
`;
