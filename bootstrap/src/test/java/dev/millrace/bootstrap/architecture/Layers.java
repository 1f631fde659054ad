package dev.millrace.bootstrap.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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

    /** The rooms of the HTTP adapter by their full names, each with those that it may know. */
    Map<String, Set<String>> httpRooms() {
        return Map.ofEntries(
                room(
                        "",
                        ".answers",
                        ".body",
                        ".callers",
                        ".cloudevents",
                        ".events",
                        ".json",
                        ".reads",
                        ".server"),
                room(".management", ".answers", ".console", ".operations", ".reads", ".server"),
                room(".console", ".answers"),
                room(".operations", ".answers", ".body", ".json", ".reads"),
                room(".cloudevents", ".answers", ".body", ".events", ".json"),
                room(".events", ".answers", ".body", ".json"),
                room(".reads", ".answers", ".json"),
                room(".json", ".answers", ".body"),
                room(".body", ".answers"),
                room(".callers", ".answers"),
                room(".server", ".answers"),
                room(".answers"),
                room(".ledger", ".answers", ".json", ".reads"));
    }

    private Map.Entry<String, Set<String>> room(String name, String... below) {
        String http = base + ".adapters.http";
        return Map.entry(
                http + name,
                Set.of(below).stream().map(each -> http + each).collect(Collectors.toSet()));
    }

    /** The rooms whose types are public for one another only, but for the entries. */
    String[] innerHttpRooms() {
        return httpRooms().values().stream().flatMap(Set::stream).distinct().toArray(String[]::new);
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
        List<String> named = new ArrayList<>(httpRooms().keySet());
        named.addAll(
                List.of(
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
                        sample()));
        return named;
    }
}
