package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The dead-letter topic of the sample's subscription. It has no partitions. */
final class Letters {

    private Letters() {}

    /** All that lies there, repeats too. */
    static List<Message<byte[]>> of(Site site) throws IOException {
        List<Message<byte[]>> letters = new ArrayList<>();
        try (PulsarClient client =
                        PulsarClient.builder()
                                .serviceUrl(site.endpoints().pulsarServiceUrl())
                                .build();
                Reader<byte[]> reader =
                        client.newReader(Schema.BYTES)
                                .topic(site.topic() + "-ledger-DLQ")
                                .startMessageId(MessageId.earliest)
                                .create()) {
            while (reader.hasMessageAvailable()) {
                letters.add(reader.readNext());
            }
        }
        return letters;
    }

    /** The entry into quarantine that a letter tells of. */
    static long idOf(Message<byte[]> letter) {
        return Long.parseLong(letter.getProperty("millrace-quarantine-id"));
    }

    /** Nothing has left quarantine, and the topic has its IDs; answers the letters. */
    static List<Message<byte[]>> requireSameAsQuarantine(Site site)
            throws IOException, SQLException {
        Set<Long> table = new LinkedHashSet<>();
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select id from quarantine order by id")) {
            while (rows.next()) {
                table.add(rows.getLong(1));
            }
        }
        List<Message<byte[]>> letters = of(site);
        Set<Long> topic = new LinkedHashSet<>();
        letters.forEach(letter -> topic.add(idOf(letter)));
        System.out.printf(
                "%d entries into quarantine, %d in the topic, %d messages%n",
                table.size(), topic.size(), letters.size());
        assertThat(topic).containsExactlyInAnyOrderElementsOf(table);
        return letters;
    }
}
