package io.javalin;

/** Stands in for the library, so that a fixture can break the rule about it. */
public interface StandIn {}
