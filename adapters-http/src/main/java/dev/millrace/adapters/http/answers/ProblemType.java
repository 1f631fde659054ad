package dev.millrace.adapters.http.answers;

import java.util.Locale;

/**
 * Every kind of problem that this server answers with: the stable {@code type} of RFC 9457, {@code
 * urn:millrace:problem:} and the name in lower case with hyphens, and its title. Clients may
 * compare the type; titles and details are for people and may change.
 */
public enum ProblemType {
    /** 400: what HTTP itself does not allow. */
    MALFORMED_REQUEST("The request is not well-formed HTTP."),
    /** 400: a header, a parameter or a field of an act breaks its rule; {@code errors} names it. */
    INVALID_REQUEST("A header, parameter or field of the request breaks its rule."),
    /** 400: the body is not UTF-8, or not JSON, or neither an object nor an array. */
    INVALID_BODY("The body cannot be read."),
    /** 400: the body holds no event at all. */
    NO_EVENT("The body holds no event."),
    /** 400: an event breaks rules; {@code errors} names all of them. */
    INVALID_EVENT("The event breaks rules of its stream."),
    /** 403: a page of another site has a browser ask for it. */
    CROSS_SITE("A page of another site must not ask for this."),
    /** 404: no such path. */
    UNKNOWN_ROUTE("There is nothing at this path."),
    /** 404: the path is one of a role that this process does not have. */
    ROLE_ABSENT("This process does not have the role that serves this path."),
    /** 404: the path is one of a process that has the database, which this one has not. */
    DATABASE_ABSENT("This process does not have the database that serves this path."),
    /** 404: no such stream; the detail lists those there are. */
    UNKNOWN_STREAM("There is no such stream."),
    /** 404: the path is right, and there is nothing under this name, perhaps not yet. */
    NOT_FOUND("There is nothing under this name, perhaps not yet."),
    /** 405: the header {@code Allow} lists the methods. */
    METHOD_NOT_ALLOWED("This path does not have this method."),
    /** 408: the body took longer than its deadline. */
    BODY_TOO_SLOW("The body did not arrive in time."),
    /** 409: one audit runs at a time in a process. */
    AUDIT_RUNNING("An audit runs already."),
    /** 409: one replay runs at a time of a subscription. */
    REPLAY_RUNNING("A replay of the subscription runs already."),
    /** 409: another try of the quarantined event cannot help. */
    NOT_RETRIABLE("The event cannot be tried again."),
    /** 409: the key waits until a person has dealt with a quarantined event of it. */
    AWAITS_PERSON("The key waits for a person."),
    /** 409: somebody has edited the event since it was looked at. */
    EDITION_CHANGED("The event has been edited meanwhile."),
    /** 409: the job has ended before. */
    ALREADY_ENDED("The job has ended."),
    /** 413: more bytes than a body may have. */
    BODY_TOO_LARGE("The body is too large."),
    /** 413: more events than a request may have. */
    TOO_MANY_EVENTS("The request has too many events."),
    /** 413: more bytes than an event may have. */
    EVENT_TOO_LARGE("The event is too large."),
    /** 414: a longer path and query than the server reads. */
    URI_TOO_LONG("The path and query are too long."),
    /** 415: the body is of a type or in an encoding that is not read here. */
    UNSUPPORTED_MEDIA_TYPE("The body is of a type that is not read here."),
    /** 417: what the caller expects of the server, other than to be told to go on. */
    EXPECTATION_FAILED("This server does not do what is expected of it."),
    /** 424: not stored, since an earlier event of its key failed. */
    ABORTED("An earlier event of the same key was not stored."),
    /** 426 or 505: HTTP/2, which is off here, or something older than HTTP/1.0. */
    HTTP_VERSION("This server speaks HTTP/1.1 only."),
    /** 429: more requests, bytes or events under way than this gate takes; nothing is stored. */
    TOO_BUSY("This gate has as much under way as it takes."),
    /** 429: as many follow this already as may. */
    TOO_MANY_LISTENERS("As many listen already as may."),
    /** 429: this caller's events of the last moments were as many as it may send. */
    RATE_EXCEEDED("This caller has sent as many events as it may for now."),
    /** 431: more bytes of headers than the server reads. */
    HEADERS_TOO_LARGE("The headers are too large."),
    /** 500: a fault of this server. */
    INTERNAL_ERROR("Something is wrong with this server."),
    /** 503: surely not stored, the broker does not take it now. */
    NOT_STORED("The event is not stored."),
    /** 503: what answers is away. */
    UNAVAILABLE("What answers this is unavailable."),
    /** 503: this process ends. */
    STOPPING("This process is stopping."),
    /** 504: perhaps stored; a retry with the same message ID is safe. */
    OUTCOME_UNKNOWN("The event may be stored or not."),
    /**
     * 400, 413, 429, 503 or 504: none of several events was accepted; {@code items} says why, one
     * by one.
     */
    NOTHING_ACCEPTED("None of the events was accepted."),
    /** Any other error of HTTP. */
    OTHER("The request cannot be served.");

    private final String uri =
            "urn:millrace:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final String title;

    ProblemType(String title) {
        this.title = title;
    }

    /** The stable name of RFC 9457. */
    public String uri() {
        return uri;
    }

    String title() {
        return title;
    }
}
