package io.dualpost.config;

/** A value that knows where it was written. */
record Located<T>(T value, Place place) {}
