package dev.millrace.e2e;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The stream's topic, as the broker's administration shows it. */
final class Topic {

    private final URI admin;

    Topic(Site site) {
        this.admin =
                URI.create(
                        site.endpoints().pulsarAdminUrl()
                                + "/admin/v2/"
                                + site.topic().replace("://", "/")
                                + "/");
    }

    /**
     * A consumer of the subscription {@code ledger} on one partition.
     *
     * @param unacknowledged how many events it was given and has not acknowledged; always 0 on the
     *     types with one receiver
     * @param active whether it is the partition's one receiver, on the types that have one
     */
    record Member(String consumer, long unacknowledged, boolean active) {

        boolean isOf(ServiceProcess worker) {
            return consumer.startsWith("millrace-" + worker.pid() + "-");
        }
    }

    /** Every consumer on every partition, in the order of the partitions. */
    List<Member> members() {
        Http.Answer answer = Http.get(admin.resolve("partitioned-stats?perPartition=true"));
        if (answer.status() != 200) {
            throw new IllegalStateException("no statistics: " + answer);
        }
        List<Member> members = new ArrayList<>();
        for (Map.Entry<String, JsonNode> partition : answer.json().get("partitions").properties()) {
            JsonNode subscription = partition.getValue().get("subscriptions").get("ledger");
            String active = subscription.path("activeConsumerName").asString("");
            for (JsonNode consumer : subscription.get("consumers")) {
                String name = consumer.get("consumerName").asString();
                members.add(
                        new Member(
                                name,
                                consumer.get("unackedMessages").asLong(),
                                name.equals(active)));
            }
        }
        return members;
    }

    List<Member> membersOf(ServiceProcess worker) {
        return members().stream().filter(member -> member.isOf(worker)).toList();
    }

    /** Has the broker close one partition, or all of them; the clients find it again. */
    void unload(String what) {
        Http.Answer answer = Http.put(admin.resolve(what + "unload"));
        if (answer.status() >= 300) {
            throw new IllegalStateException("not unloaded: " + answer);
        }
    }
}
