package dev.millrace.stack;

/**
 * Where a running stack is reached. All addresses are on 127.0.0.1.
 *
 * @param pulsarServiceUrl the broker's binary protocol, {@code pulsar://127.0.0.1:port}
 * @param pulsarAdminUrl the broker's administration, {@code http://127.0.0.1:port}
 * @param postgresUrl the database as JDBC has it, {@code jdbc:postgresql://127.0.0.1:port/millrace}
 * @param postgresUser owner of the database, may create further databases
 * @param postgresPassword random, made with the data
 */
public record Endpoints(
        String pulsarServiceUrl,
        String pulsarAdminUrl,
        String postgresUrl,
        String postgresUser,
        String postgresPassword) {

    static Endpoints of(int pulsarPort, int adminPort, int postgresPort, String password) {
        return new Endpoints(
                "pulsar://127.0.0.1:" + pulsarPort,
                "http://127.0.0.1:" + adminPort,
                "jdbc:postgresql://127.0.0.1:" + postgresPort + "/" + Postgres.DATABASE,
                Postgres.USER,
                password);
    }

    /** Leaves the password out, so that it cannot slip into a log. */
    @Override
    public String toString() {
        return pulsarServiceUrl + ", " + pulsarAdminUrl + ", " + postgresUrl;
    }
}
