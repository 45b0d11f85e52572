/**
 * A Linux process that is elsewhere, with {@code /dev/kvm} in it: start at {@link
 * Tagvisor#connect}.
 */
package io.tagvisor;
