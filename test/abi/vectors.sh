#!/bin/sh
# Makes data/vectors.json from the arm64 kernel headers: the layouts by way of vectors.c, the constants from every macro
# of the headers below whose expansion is a number. Debian: gcc-aarch64-linux-gnu libc6-dev-arm64-cross.
set -eu
cd "$(dirname "$0")"
cc=${CC:-aarch64-linux-gnu-gcc}
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

cat >"$work/headers.h" <<'END'
#include <linux/falloc.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/kvm.h>
#include <linux/memfd.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/psci.h>
#include <asm/errno.h>
#include <asm/ioctls.h>
#include <asm/poll.h>
#include <asm/ptrace.h>
/* asm/kvm.h leaves these to whoever includes it. */
#define SZ_64K 0x10000
#define GENMASK(h, l) ((2ul << (h)) - (1ul << (l)))
#define PAGE_SIZE 4096
END

# What only other architectures and old interfaces use; their capabilities and exit reasons count, as numbers are shared.
foreign='^KVM_(S390|PPC|X86|X2APIC|MIPS|XEN|SEV|HYPERV|PV|TRC|ASSIGN|DEV_ASSIGN|DEV_IRQ)_|^FS'
$cc -dM -E "$work/headers.h" |
	awk '$2 ~ /^(KVM|PSCI|PROT|MAP|MADV|MFD|MREMAP|O|F|FD|AT|FALLOC|PR_SET_TAGGED|PR_GET_TAGGED|PR_TAGGED|PR_MTE|PSR|SEEK|PTRACE|POLL|E|FIO|TCGETS|SYNC|VGIC)[A-Z0-9_a-z]*$/ && NF > 2 { print $2 }' |
	grep -vE "$foreign" | sort -u >"$work/names"

# A name that is no number here (a struct of another architecture, a type, code) is a line that does not compile. The
# compiler complains about what is undeclared only once, so ask until it has no complaint.
probe() {
	{ cat "$work/headers.h"; sed 's/.*/enum { v_& = ((long)(&)) != 0 };/' "$work/names"; } >"$work/probe.c"
	$cc -fsyntax-only -fmax-errors=0 -w "$work/probe.c" 2>&1 |
		sed -n 's/.*probe\.c:\([0-9]*\):.*error.*/\1/p' | sort -u |
		awk -v n="$(wc -l <"$work/headers.h")" '{ printf "%s%dd", sep, $1 - n; sep = ";" }'
}
while bad=$(probe) && [ -n "$bad" ]; do sed -i "$bad" "$work/names"; done

{
	cat "$work/headers.h" vectors.c
	echo 'void constants(void) {'
	sed 's/.*/VALUE(&)/' "$work/names" | sed 's/VALUE(\(.*\))/FACT("constant", "\1", \1, 0);/'
	echo '}'
} >"$work/all.c"
$cc -S -O1 -w -o "$work/all.s" "$work/all.c"

sed -n 's/^->//p' "$work/all.s" | LC_ALL=C sort -u | awk '
	# Name and numbers of a line; macros with arguments have spaces in their names.
	{ kind = $1; b = $NF; a = $(NF - 1); name = $2; for (i = 3; i < NF - 1; i++) name = name " " $i }
	kind == "constant" { constants[++c] = sprintf("    \"%s\": \"%s\"", name, a) }
	kind == "struct" { structs[++s] = sprintf("    \"%s\": { \"size\": %s, \"align\": %s }", name, a, b) }
	kind == "member" { members[++m] = sprintf("    \"%s\": { \"offset\": %s, \"size\": %s }", name, a, b) }
	function section(title, list, n, end,   i) {
		printf "  \"%s\": {\n", title
		for (i = 1; i <= n; i++) printf "%s%s\n", list[i], i < n ? "," : ""
		printf "  }%s\n", end
	}
	END {
		print "{"
		section("structs", structs, s, ",")
		section("members", members, m, ",")
		section("constants", constants, c, "")
		print "}"
	}
' >data/vectors.json
