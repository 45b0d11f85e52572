package io.tagvisor;

/**
 * Where an integer stands in a struct.
 *
 * @param name its C name
 * @param offset bytes from the struct's start
 * @param width 1, 2, 4 or 8 bytes
 */
public record Field(String name, int offset, int width) {}
