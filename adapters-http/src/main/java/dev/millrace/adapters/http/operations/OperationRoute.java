package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.reads.ReadRoute;

import java.util.Objects;

/** A path of the operations API. */
public sealed interface OperationRoute {

    /** Something to look at. */
    record Look(ReadRoute route) implements OperationRoute {
        public Look {
            Objects.requireNonNull(route);
        }
    }

    /** Something to look at that is of this process, and so takes no database. */
    record Local(ReadRoute route) implements OperationRoute {
        public Local {
            Objects.requireNonNull(route);
        }
    }

    /**
     * Something of this process to follow, as server-sent events.
     *
     * @param path with its parameters in braces
     */
    record Feed(String path, FeedHandler handler) implements OperationRoute {
        public Feed {
            Objects.requireNonNull(path);
            Objects.requireNonNull(handler);
        }
    }

    /**
     * Something to do.
     *
     * @param path with its parameters in braces
     * @param status of the answer when it is done
     */
    record Act(Method method, String path, int status, ActHandler handler)
            implements OperationRoute {
        public Act {
            Objects.requireNonNull(method);
            Objects.requireNonNull(path);
            Objects.requireNonNull(handler);
        }
    }

    /**
     * Something to look at that takes long: the answer comes line by line.
     *
     * @param path with its parameters in braces
     */
    record Report(String path, ReportHandler handler) implements OperationRoute {
        public Report {
            Objects.requireNonNull(path);
            Objects.requireNonNull(handler);
        }
    }

    /** How an act is asked for. */
    enum Method {
        /** It does something. */
        POST,
        /** It replaces something. */
        PUT
    }
}
