package dev.millrace.bootstrap.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of the house, for whatever base package they are asked about. */
final class Rules {

    private static final String[] QUIET_JAVA = {
        "java.lang",
        "java.lang.annotation",
        "java.lang.runtime",
        "java.math",
        "java.time..",
        "java.util",
        "java.util.function",
        "java.util.regex",
        "java.util.stream",
        "org.jspecify.annotations"
    };

    /** The digest of an event is part of the model; see the decision record on the digest. */
    private static final Set<Class<?>> FOR_THE_DIGEST =
            Set.of(
                    MessageDigest.class,
                    NoSuchAlgorithmException.class,
                    Charset.class,
                    StandardCharsets.class);

    private static final List<String> EMPTY_SUFFIXES =
            List.of(
                    "Port", "Adapter", "UseCase", "Impl", "Service", "Manager", "Helper", "Util",
                    "Utils", "DTO", "Dto");

    private final Layers layers;
    private final Map<String, ArchRule> byName = new LinkedHashMap<>();

    /**
     * @param entries the full names of the types that adapters may show to the outside
     */
    private Rules(Layers layers, Set<String> entries) {
        this.layers = layers;
        addLayerRules();
        addAdapterRules(entries);
        addShapeRules();
    }

    /** All rules by their names, which are sentences. */
    static Map<String, ArchRule> of(Layers layers, Set<String> entries) {
        return Collections.unmodifiableMap(new Rules(layers, entries).byName);
    }

    private void addLayerRules() {
        add(
                "every_class_belongs_to_a_layer",
                classes()
                        .that()
                        .resideInAPackage(layers.everything())
                        .should()
                        .resideInAnyPackage(layers.all()),
                "a class outside of all layers would pass every rule on nothing");
        add(
                "every_package_that_a_rule_names_holds_a_class",
                classes().should(Conditions.coverPackages(layers.named())),
                "a rule about an empty package passes for ever");
        add(
                "domain_uses_quiet_java_only",
                classes()
                        .that()
                        .resideInAPackage(layers.domain())
                        .should()
                        .onlyDependOnClassesThat(
                                resideInAnyPackage(QUIET_JAVA)
                                        .or(resideInAPackage(layers.domain()))
                                        .or(belongToTheDigest())
                                        .or(arrays())),
                "the domain decides: it performs no I/O, starts no thread and knows no technology");
        add(
                "ports_use_quiet_java_and_domain_only",
                classes()
                        .that()
                        .resideInAPackage(layers.ports())
                        .should()
                        .onlyDependOnClassesThat(
                                resideInAnyPackage(QUIET_JAVA)
                                        .or(
                                                resideInAnyPackage(
                                                        "java.util.concurrent..",
                                                        layers.domain(),
                                                        layers.ports()))
                                        .or(arrays())),
                "ports converse in words of the domain, and use cases join ports without"
                        + " technology");
        add(
                "use_cases_are_seen_by_bootstrap_only",
                classes()
                        .that()
                        .resideInAPackage(layers.useCases())
                        .should()
                        .onlyHaveDependentClassesThat()
                        .resideInAnyPackage(layers.useCases(), layers.bootstrap()),
                "adapters talk to ports, so that use cases can change behind them");
        add(
                "the_engine_does_not_know_the_sample",
                noClasses()
                        .that()
                        .resideInAnyPackage(layers.inside())
                        .and()
                        .resideOutsideOfPackage(layers.sample())
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(layers.sample()),
                "a fork replaces the sample and keeps the engine");
        add(
                "packages_have_no_cycles",
                slices().matching(layers.base() + ".(**)").should().beFreeOfCycles(),
                "what depends on each other can only be understood, and replaced, together");
    }

    private void addAdapterRules(Set<String> entries) {
        add(
                "adapters_know_no_other_adapter",
                slices().matching(layers.base() + ".adapters.(*)..")
                        .should()
                        .notDependOnEachOther(),
                "one technology is replaced without a look at the others");
        add(
                "the_http_adapter_drives",
                adapter(layers.http(), layers.driving()),
                "a driving adapter asks the engine, and never goes behind its back to what the"
                        + " engine stands on");
        add(
                "the_postgres_adapter_is_driven",
                adapter(layers.postgres(), layers.driven()),
                "a driven adapter is asked, and asks nobody");
        add(
                "the_pulsar_adapter_knows_ports_only",
                adapter(layers.pulsar(), layers.driving(), layers.driven()),
                "it publishes and receives: both kinds of ports, no use case");
        add(
                "no_adapter_class_both_drives_and_is_driven",
                noClasses()
                        .that()
                        .resideInAPackage(layers.adapters())
                        .should(Conditions.dependOnBoth(layers.driving(), layers.driven())),
                "a class that is driven and drives is a use case in disguise");
        add(
                "adapters_show_their_entries_only",
                classes()
                        .that()
                        .resideInAPackage(layers.adapters())
                        .and()
                        .resideOutsideOfPackage(layers.generated())
                        .and()
                        .resideOutsideOfPackages(layers.innerHttpRooms())
                        .and(DescribedPredicate.describe("are visible", Conditions::isVisible))
                        .should(Conditions.beOneOf(entries)),
                "what nobody sees can be changed; each public type is listed by hand");
        add(
                "http_rooms_are_entered_at_their_entries",
                classes()
                        .that()
                        .resideOutsideOfPackage(layers.http())
                        .or()
                        .resideInAPackage(layers.sample())
                        .should(Conditions.enterAt(entries, layers.innerHttpRooms())),
                "a room's types are public for the rooms beside it; others see what is listed by"
                        + " hand");
        add(
                "http_rooms_know_those_below_only",
                classes()
                        .that()
                        .resideInAPackage(layers.http())
                        .should(Conditions.keepToArrows(layers.httpRooms())),
                "a room is understood with those that it stands on, and no others");
        add(
                "pulsar_stays_in_its_adapter",
                outside(layers.pulsar(), "org.apache.pulsar..", "org.apache.avro.."),
                "no other module knows the broker's types");
        add(
                "javalin_stays_in_its_adapter",
                outside(layers.http(), "io.javalin..", "org.eclipse.jetty..", "jakarta.servlet.."),
                "no other module knows the web server's types");
        add(
                "jdbc_stays_in_its_adapter",
                outside(
                        layers.postgres(),
                        "java.sql..",
                        "javax.sql..",
                        "org.postgresql..",
                        "com.zaxxer.hikari..",
                        "org.flywaydb.."),
                "no other module knows the database's types");
    }

    private void addShapeRules() {
        add(
                "domain_types_are_closed",
                classes().that().resideInAPackage(layers.domain()).should(Conditions.beClosed()),
                "whoever reads a type of the model sees all there is of it");
        add(
                "ports_return_no_futures",
                methods()
                        .that()
                        .areDeclaredInClassesThat(arePorts())
                        .should(Conditions.blockInTheirSignature()),
                "signatures block: only adapters and bootstrap start threads");
        add(
                "ports_throw_nothing_checked",
                methods()
                        .that()
                        .areDeclaredInClassesThat(arePorts())
                        .should(Conditions.declareNoCheckedException()),
                "what fails is an outcome, an invalid value or an outage");
        add(
                "no_clock_chance_or_environment_inside",
                noClasses()
                        .that()
                        .resideInAnyPackage(layers.inside())
                        .should(Conditions.askTheSurroundings()),
                "time, chance and environment come in as arguments, so that tests can choose them");
        add(
                "names_end_in_what_they_mean",
                noClasses()
                        .that()
                        .resideInAPackage(layers.everything())
                        .should(Conditions.haveSuffixOf(EMPTY_SUFFIXES)),
                "these suffixes say nothing about a type");
        add(
                "jackson_2_is_not_used",
                noClasses()
                        .that()
                        .resideInAPackage(layers.everything())
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("com.fasterxml.jackson.databind.."),
                "it is there for Avro alone; ours is Jackson 3");
        add(
                "packages_promise_no_null",
                classes()
                        .that()
                        .resideInAPackage(layers.everything())
                        .and()
                        .resideOutsideOfPackage(layers.generated())
                        .should(Conditions.liveInANullMarkedPackage()),
                "NullAway looks only where a package-info asks it to");
    }

    private ArchRule adapter(String adapter, String... ports) {
        return classes()
                .that()
                .resideInAPackage(adapter)
                .should()
                .onlyDependOnClassesThat(
                        resideOutsideOfPackage(layers.everything())
                                .or(resideInAnyPackage(layers.portValues()))
                                .or(resideInAnyPackage(ports))
                                .or(resideInAnyPackage(layers.domain(), adapter)));
    }

    private ArchRule outside(String adapter, String... technology) {
        return noClasses()
                .that()
                .resideInAPackage(layers.everything())
                .and()
                .resideOutsideOfPackage(adapter)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(technology);
    }

    private DescribedPredicate<JavaClass> arePorts() {
        return resideInAnyPackage(layers.driving(), layers.driven())
                .and(JavaClass.Predicates.INTERFACES);
    }

    private static DescribedPredicate<JavaClass> belongToTheDigest() {
        return DescribedPredicate.describe(
                "belong to the digest",
                type -> FOR_THE_DIGEST.stream().anyMatch(type::isEquivalentTo));
    }

    /** Arrays of what is allowed are allowed: their elements are dependencies of their own. */
    private static DescribedPredicate<JavaClass> arrays() {
        return DescribedPredicate.describe("are arrays", JavaClass::isArray);
    }

    private void add(String name, ArchRule rule, String because) {
        if (byName.put(name, rule.as(name).because(because)) != null) {
            throw new IllegalStateException(name + " stands twice");
        }
    }
}
