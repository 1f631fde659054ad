package dev.millrace.adapters.postgres;

import java.util.List;
import java.util.stream.Stream;

/**
 * The conditions of a statement that somebody asks for. Those that nobody asks for are left out, so
 * that the database plans for just this question.
 *
 * @param sql as they follow one that always holds
 * @param parameters in the order of their conditions
 */
record Conditions(String sql, List<Object> parameters) {

    /** None. */
    static final Conditions NONE = new Conditions("", List.of());

    Conditions {
        parameters = List.copyOf(parameters);
    }

    /** One more, with its parameter. */
    Conditions and(String condition, Object parameter) {
        return and(new Conditions(" AND " + condition, List.of(parameter)));
    }

    /** One more, unless its parameter is empty. */
    Conditions andIfGiven(String condition, String parameter) {
        return parameter.isEmpty() ? this : and(condition, parameter);
    }

    /** All of another one, too. */
    Conditions and(Conditions more) {
        return new Conditions(
                sql + more.sql,
                Stream.concat(parameters.stream(), more.parameters.stream()).toList());
    }
}
