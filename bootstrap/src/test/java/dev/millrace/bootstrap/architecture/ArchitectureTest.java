package dev.millrace.bootstrap.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.util.stream.Stream;

/** Holds the product against the rules of the house. */
class ArchitectureTest {

    private static final JavaClasses PRODUCT =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(ArchitectureTest::isProduct)
                    .importPackages("dev.millrace");

    @TestFactory
    Stream<DynamicTest> the_product_keeps() {
        return Rules.of(new Layers("dev.millrace"), Entries.OF_ADAPTERS).entrySet().stream()
                .map(rule ->
                        DynamicTest.dynamicTest(
                                rule.getKey(), () -> rule.getValue().check(PRODUCT)));
    }

    /**
     * What tests of other modules share, and the embedded stack, are on the class path too, but no
     * part of it.
     */
    private static boolean isProduct(Location location) {
        return !location.contains("-tests.jar") && !location.contains("/dev-stack");
    }
}
