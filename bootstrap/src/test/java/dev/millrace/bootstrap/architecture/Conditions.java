package dev.millrace.bootstrap.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

import org.jspecify.annotations.NullMarked;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** What the rules demand beyond ArchUnit's own vocabulary. */
final class Conditions {

    /**
     * Calls that ask the surroundings. A stopwatch ({@code System.nanoTime}) tells no time of day
     * and is none of them.
     */
    private static final Set<String> SURROUNDINGS =
            Set.of(
                    "java.lang.System.currentTimeMillis",
                    "java.lang.System.getenv",
                    "java.lang.System.getProperty",
                    "java.lang.System.getProperties",
                    "java.lang.Math.random",
                    "java.time.InstantSource.system",
                    "java.util.UUID.randomUUID");

    private static final Set<String> CHANCE =
            Set.of(
                    "java.util.Random",
                    "java.util.SplittableRandom",
                    "java.util.concurrent.ThreadLocalRandom",
                    "java.security.SecureRandom");

    private Conditions() {}

    static ArchCondition<JavaClass> coverPackages(List<String> packages) {
        return new ArchCondition<>("cover " + packages) {
            private final Set<String> uncovered = new HashSet<>(packages);

            @Override
            public void init(Collection<JavaClass> all) {
                uncovered.addAll(packages);
            }

            @Override
            public void check(JavaClass type, ConditionEvents events) {
                uncovered.removeIf(
                        identifier -> PackageMatcher.of(identifier).matches(type.getPackageName()));
            }

            @Override
            public void finish(ConditionEvents events) {
                uncovered.forEach(empty ->
                        events.add(
                                SimpleConditionEvent.violated(empty, empty + " holds no class")));
            }
        };
    }

    static ArchCondition<JavaClass> dependOnBoth(String first, String second) {
        return condition(
                "depend on both " + first + " and " + second,
                (type, events) -> {
                    boolean both = dependsOn(type, first) && dependsOn(type, second);
                    events.add(
                            new SimpleConditionEvent(
                                    type, both, type.getName() + " depends on both"));
                });
    }

    /** A type inside another is listed with it. */
    static ArchCondition<JavaClass> beOneOf(Set<String> names) {
        return must(
                "stand in the list of entries", type -> names.contains(outermost(type).getName()));
    }

    /**
     * @param entries the full names of what may be seen of these packages
     */
    static ArchCondition<JavaClass> enterAt(Set<String> entries, String... packages) {
        List<String> closed = List.of(packages);
        return onlyDependOn(
                "enter at the entries",
                (type, target) ->
                        !closed.contains(target.getPackageName())
                                || entries.contains(
                                        outermost(target.getBaseComponentType()).getName()));
    }

    /**
     * @param arrows from each package to those that its types may depend on, among all these
     */
    static ArchCondition<JavaClass> keepToArrows(Map<String, Set<String>> arrows) {
        return onlyDependOn(
                "keep to the arrows",
                (type, target) -> {
                    String from = type.getPackageName();
                    String to = target.getPackageName();
                    return arrows.containsKey(from)
                            && (from.equals(to)
                                    || !arrows.containsKey(to)
                                    || arrows.getOrDefault(from, Set.of()).contains(to));
                });
    }

    private static ArchCondition<JavaClass> onlyDependOn(
            String what, BiPredicate<JavaClass, JavaClass> allowed) {
        return condition(
                what,
                (type, events) -> {
                    for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                        events.add(
                                new SimpleConditionEvent(
                                        type,
                                        allowed.test(type, dependency.getTargetClass()),
                                        dependency.getDescription()));
                    }
                });
    }

    /** Whether others can see it: not where it lies inside a type that they cannot see. */
    static boolean isVisible(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(Conditions::isVisible).orElse(true);
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(Conditions::outermost).orElse(type);
    }

    static ArchCondition<JavaClass> beClosed() {
        return must(
                "be a record, an enum, sealed or final",
                type ->
                        type.getModifiers().contains(JavaModifier.FINAL)
                                || type.isEnum()
                                || type.isAnonymousClass()
                                || type.getSimpleName().equals("package-info")
                                || type.reflect().isSealed());
    }

    static ArchCondition<JavaMethod> blockInTheirSignature() {
        return condition(
                "block",
                (method, events) -> {
                    boolean blocks =
                            method.getAllInvolvedRawTypes().stream()
                                    .noneMatch(type ->
                                            type.isAssignableTo(Future.class)
                                                    || type.isAssignableTo(CompletionStage.class));
                    events.add(
                            new SimpleConditionEvent(
                                    method, blocks, method.getFullName() + " names a future"));
                });
    }

    static ArchCondition<JavaMethod> declareNoCheckedException() {
        return condition(
                "declare no checked exception",
                (method, events) ->
                        method.getThrowsClause()
                                .forEach(thrown -> {
                                    JavaClass type = thrown.getRawType();
                                    boolean unchecked =
                                            type.isAssignableTo(RuntimeException.class)
                                                    || type.isAssignableTo(Error.class);
                                    events.add(
                                            new SimpleConditionEvent(
                                                    method,
                                                    unchecked,
                                                    method.getFullName()
                                                            + " throws "
                                                            + type.getName()));
                                }));
    }

    static ArchCondition<JavaClass> askTheSurroundings() {
        return condition(
                "ask the surroundings",
                (type, events) -> {
                    for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                        if (asksTheSurroundings(access)) {
                            events.add(
                                    SimpleConditionEvent.satisfied(type, access.getDescription()));
                        }
                    }
                });
    }

    static ArchCondition<JavaClass> haveSuffixOf(List<String> suffixes) {
        return condition(
                "have a suffix of " + suffixes,
                (type, events) -> {
                    boolean has = suffixes.stream().anyMatch(type.getSimpleName()::endsWith);
                    events.add(
                            new SimpleConditionEvent(
                                    type, has, type.getName() + " says nothing by its suffix"));
                });
    }

    static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return must(
                "live in a @NullMarked package",
                type -> type.getPackage().isAnnotatedWith(NullMarked.class));
    }

    private static boolean asksTheSurroundings(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getTarget().getName();
        boolean timeOfDay =
                owner.startsWith("java.time.") && name.equals("now") && isWithoutArgument(access);
        boolean systemClock = owner.equals("java.time.Clock") && name.startsWith("system");
        return timeOfDay
                || systemClock
                || CHANCE.contains(owner)
                || SURROUNDINGS.contains(owner + "." + name);
    }

    private static boolean isWithoutArgument(JavaAccess<?> access) {
        return access.getTarget().getFullName().endsWith("()");
    }

    private static boolean dependsOn(JavaClass type, String identifier) {
        PackageMatcher matcher = PackageMatcher.of(identifier);
        return type.getDirectDependenciesFromSelf().stream()
                .map(Dependency::getTargetClass)
                .anyMatch(target -> matcher.matches(target.getPackageName()));
    }

    private static ArchCondition<JavaClass> must(String what, Predicate<JavaClass> holds) {
        return condition(
                what,
                (type, events) ->
                        events.add(
                                new SimpleConditionEvent(
                                        type,
                                        holds.test(type),
                                        type.getName() + " does not " + what)));
    }

    private static <T> ArchCondition<T> condition(
            String description, BiConsumer<T, ConditionEvents> check) {
        return new ArchCondition<>(description) {
            @Override
            public void check(T item, ConditionEvents events) {
                check.accept(item, events);
            }
        };
    }
}
