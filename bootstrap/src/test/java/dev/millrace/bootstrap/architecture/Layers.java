package dev.millrace.bootstrap.architecture;

import java.util.List;

/** Where the layers lie below a base package, as ArchUnit writes packages. */
record Layers(String base) {

    String domain() {
        return base + ".domain..";
    }

    String ports() {
        return base + ".ports..";
    }

    /** What ports share that is neither driving nor driven. */
    String[] portValues() {
        return new String[] {base + ".ports", base + ".ports.ledger"};
    }

    String driving() {
        return base + ".ports..driving";
    }

    String driven() {
        return base + ".ports..driven";
    }

    String useCases() {
        return base + ".ports.usecase..";
    }

    String adapters() {
        return base + ".adapters..";
    }

    String http() {
        return base + ".adapters.http..";
    }

    String pulsar() {
        return base + ".adapters.pulsar..";
    }

    String postgres() {
        return base + ".adapters.postgres..";
    }

    String bootstrap() {
        return base + ".bootstrap..";
    }

    String everything() {
        return base + "..";
    }

    /** The sample business, in whatever layer. */
    String sample() {
        return base + "..ledger..";
    }

    /** What is generated from the schemas, and public whether we like it or not. */
    String generated() {
        return base + ".adapters.pulsar..wire";
    }

    /** The layers that have no clock, no chance and no environment of their own. */
    String[] inside() {
        return new String[] {domain(), ports(), adapters()};
    }

    /** Every class belongs to one of these. */
    String[] all() {
        return new String[] {domain(), ports(), adapters(), bootstrap()};
    }

    /** Every package that some rule names. */
    List<String> named() {
        return List.of(
                domain(),
                ports(),
                portValues()[0],
                portValues()[1],
                driving(),
                driven(),
                useCases(),
                http(),
                pulsar(),
                postgres(),
                bootstrap(),
                sample());
    }
}
