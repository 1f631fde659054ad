package dev.millrace.adapters.pulsar.driven;

import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.domain.Acknowledged.Entry;

import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Reads one partition from a place on, raw. It has a cursor in the broker's memory, which ends with
 * it. Used by one thread.
 */
final class PartitionReader implements AutoCloseable {

    private final Reader<byte[]> reader;
    private final int patienceMillis;

    private PartitionReader(Reader<byte[]> reader, int patienceMillis) {
        this.reader = reader;
        this.patienceMillis = patienceMillis;
    }

    /**
     * Opens one.
     *
     * @param partition the partition's own topic
     * @param start what is read first
     */
    static PartitionReader open(PulsarConnection connection, String partition, MessageId start)
            throws PulsarClientException {
        return new PartitionReader(
                connection
                        .reading()
                        .newReader(Schema.BYTES)
                        .topic(partition)
                        .startMessageId(start)
                        .startMessageIdInclusive()
                        .poolMessages(false)
                        .create(),
                Math.toIntExact(connection.settings().operationTimeout().toMillis()));
    }

    /** The next message; to be asked only while there is one. */
    Message<byte[]> next() throws PulsarClientException {
        Message<byte[]> message = reader.readNext(patienceMillis, TimeUnit.MILLISECONDS);
        if (message == null) {
            throw new PulsarClientException.TimeoutException(
                    "it gave nothing for " + patienceMillis + " ms");
        }
        return message;
    }

    /** Whether a message is the last one of an entry, or lies behind it. */
    static boolean isLastOf(Message<byte[]> message, Entry last) {
        MessageIdAdv id = (MessageIdAdv) message.getMessageId();
        int order = new Entry(id.getLedgerId(), id.getEntryId()).compareTo(last);
        return order > 0 || (order == 0 && id.getBatchIndex() >= id.getBatchSize() - 1);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
