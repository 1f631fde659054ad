package dev.millrace.domain;

/** One thing that a subscription's tables say of one copy in the topic. */
public enum Trace {
    /** The record of its message ID is about this copy, and says that it took effect. */
    APPLIED("its record says applied"),
    /** The record is about this copy: a business rule said no. */
    REJECTED("its record says rejected"),
    /** The record is about this copy: it waits. */
    PARKED("its record says parked"),
    /** The record is about this copy: it needs a person. */
    QUARANTINED("its record says quarantined"),
    /** The record is about this copy: a person gave it up. */
    DISCARDED("its record says discarded"),
    /** The record of its message ID is about another copy. */
    RECORDED_ELSEWHERE("the record of its message ID is about another copy"),
    /** It was counted as a further copy of a recorded event. */
    COUNTED("it is counted as a duplicate"),
    /** It lies among the parked events. */
    WAITING("it lies among the parked events"),
    /** It lies in quarantine. */
    IN_QUARANTINE("it lies in quarantine"),
    /** It lies among the copies that a person gave up. */
    GIVEN_UP("it lies among the discarded copies"),
    /** Its record says applied, and the stream's own tables hold no effect of it. */
    WITHOUT_EFFECT("its effect is not there"),
    /** It is so old that its record may have been purged. */
    BELOW_WATERMARK("it is older than the purge's watermark");

    private final String words;

    Trace(String words) {
        this.words = words;
    }

    /** For a person, as a clause. */
    public String words() {
        return words;
    }
}
