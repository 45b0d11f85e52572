/** What the guests of these examples share: writing text and numbers, and ending. */

import { CONSOLE_BASE, EXIT_PORT_BASE } from "../guest/index.ts";

/** `print`: the text at x0. `print_hex`: the number x0. `exit`: with code w0. They use x0 to x7, and x30. */
export const RUNTIME = `
        .balign 4
  print:
        mov   x1, #${CONSOLE_BASE}
  print_next:
        ldrb  w2, [x0], #1
        cbz   w2, print_done
        strb  w2, [x1]
        b     print_next
  print_done:
        ret

  print_hex:
        mov   x1, #${CONSOLE_BASE}
        mov   w3, #60
  hex_next:
        lsr   x2, x0, x3
        and   w2, w2, #0xf
        cmp   w2, #10
        add   w4, w2, #'0'
        add   w2, w2, #${"a".charCodeAt(0) - 10}
        csel  w2, w4, w2, lo
        strb  w2, [x1]
        subs  w3, w3, #4
        b.pl  hex_next
        ret

  exit:
        mov   x1, #${EXIT_PORT_BASE}
        str   w0, [x1]
        b     .
`;
