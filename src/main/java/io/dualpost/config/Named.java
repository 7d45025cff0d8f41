package io.dualpost.config;

/**
 * A member of a mapping whose keys the operator chooses.
 *
 * @param name  the key
 * @param place where the key stands
 * @param value what it names
 */
record Named<T>(String name, Place place, T value) {}
