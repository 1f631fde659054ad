package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.List;

/** What an audit of the sample's subscription answers, line by line. */
final class AuditLines {

    static final String PATH = "ops/v1/audit?stream=ledger-entries&subscription=ledger";

    private AuditLines() {}

    /** Progress, differences and, as the last line, the report. */
    static List<JsonNode> of(ServiceProcess service) {
        Http.Answer answer = Http.get(service.management().resolve(PATH));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body().lines().<JsonNode>map(JsonMapper.shared()::readTree).toList();
    }
}
