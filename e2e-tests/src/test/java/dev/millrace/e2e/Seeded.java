package dev.millrace.e2e;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A long run of random faults, or a measurement, which the profile {@code ci} lets in. It has the
 * machine to itself, since how far it comes by the clock is held against a floor.
 */
@Test
@Tag("seeded")
@Isolated
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Seeded {}
