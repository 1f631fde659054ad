package dev.millrace.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

final class DeliveryTest {

    @Test
    void a_payload_shares_its_bytes_with_nobody_and_prints_none_of_them() {
        byte[] bytes = {104, 105};
        Payload payload = Payload.copyOf(bytes);
        bytes[0] = 0;
        payload.toByteArray()[1] = 0;

        assertThat(payload.toByteArray()).containsExactly(104, 105);
        assertThat(payload.size()).isEqualTo(2);
        assertThat(payload).hasToString("2 bytes");
        assertThat(Payload.EMPTY.size()).isZero();
    }

    @Test
    void payloads_of_the_same_bytes_are_equal() {
        assertThat(Payload.copyOf(new byte[] {1}))
                .isEqualTo(Payload.copyOf(new byte[] {1}))
                .hasSameHashCodeAs(Payload.copyOf(new byte[] {1}))
                .isNotEqualTo(Payload.copyOf(new byte[] {2}))
                .isNotEqualTo(Payload.EMPTY);
    }

    @Test
    void the_properties_of_a_copy_cannot_be_changed() {
        Map<String, String> properties = new HashMap<>(Map.of("a", "1"));
        Copy copy =
                new Copy(new Position(1, 2, 3, 4), Instant.EPOCH, Payload.EMPTY, "", properties);
        properties.clear();

        assertThat(copy.properties()).containsExactly(Map.entry("a", "1"));
        assertThatThrownBy(() -> copy.properties().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void a_delivery_lies_where_its_copy_lies() {
        Copy copy = new Copy(new Position(1, 2, 3, 4), Instant.EPOCH, Payload.EMPTY, "", Map.of());

        assertThat(new Delivery.Undecodable<String>("", "", "no schema", copy).position())
                .isEqualTo(new Position(1, 2, 3, 4));
    }

    @Test
    void only_shared_gives_the_order_up() {
        assertThat(SubscriptionType.SHARED.keepsOrder()).isFalse();
        assertThat(SubscriptionType.EXCLUSIVE.keepsOrder()).isTrue();
        assertThat(SubscriptionType.FAILOVER.keepsOrder()).isTrue();
        assertThat(SubscriptionType.KEY_SHARED.keepsOrder()).isTrue();
    }

    @Test
    void each_type_says_how_many_lanes_can_have_work() {
        assertThat(SubscriptionType.EXCLUSIVE.usefulLanes(4, 3)).isEqualTo(1);
        assertThat(SubscriptionType.FAILOVER.usefulLanes(4, 3)).isEqualTo(4);
        assertThat(SubscriptionType.KEY_SHARED.usefulLanes(4, 3)).isEqualTo(12);
        assertThat(SubscriptionType.SHARED.usefulLanes(4, 3)).isEqualTo(Integer.MAX_VALUE);
    }
}
