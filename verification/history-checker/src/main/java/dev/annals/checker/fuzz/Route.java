package dev.annals.checker.fuzz;

/**
 * As the page of routes has it.
 *
 * @param method in upper case
 * @param path what is in braces, or {@code <rest>}, is filled in
 */
record Route(String method, String path) {}
