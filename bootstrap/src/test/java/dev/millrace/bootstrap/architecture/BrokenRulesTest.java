package dev.millrace.bootstrap.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Breaks each rule on purpose, in fixtures named after it, and sees it fail. */
class BrokenRulesTest {

    private static final Layers NOWHERE = new Layers("dev.millrace.fixtures");
    private static final JavaClasses FIXTURES =
            new ClassFileImporter().importPackages(NOWHERE.base());

    @TestFactory
    Stream<DynamicTest> a_fixture_breaks() {
        return Rules.of(NOWHERE, Set.of()).keySet().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> assertThatItsFixtureBreaks(name)));
    }

    @Test
    void each_way_to_ask_the_surroundings_is_seen() {
        EvaluationResult result = evaluate("no_clock_chance_or_environment_inside");

        assertThat(result.getFailureReport().getDetails())
                .anyMatch(detail -> detail.contains("Instant.now"))
                .anyMatch(detail -> detail.contains("Math.random"))
                .anyMatch(detail -> detail.contains("System.getenv"));
    }

    private static void assertThatItsFixtureBreaks(String name) {
        EvaluationResult result = evaluate(name);

        assertThat(result.hasViolation()).isTrue();
        assertThat(result.getFailureReport().getDetails())
                .anyMatch(detail ->
                        detail.matches("(?si).*culprit.*") || detail.endsWith("holds no class"));
    }

    private static EvaluationResult evaluate(String name) {
        Layers fixture = new Layers(NOWHERE.base() + "." + name.replace("_", ""));
        ArchRule rule = Rules.of(fixture, Set.of()).get(name);
        return Objects.requireNonNull(rule)
                .evaluate(
                        FIXTURES.that(JavaClass.Predicates.resideInAPackage(fixture.everything())));
    }
}
