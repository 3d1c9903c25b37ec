package dev.annals.engine.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.serde.registry.RegistryRefusalException;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whoever's serializer threw: what passes is waited for, what is refused is told, and only what nobody can read is
 * buried.
 */
class RegistryFailuresTest {

    private static SerializationException serialization(Throwable cause) {
        return new SerializationException("Error retrieving Avro schema", cause);
    }

    @ParameterizedTest
    @CsvSource({
        "404, 40401, false, true, true", // no such subject
        "404, 40403, false, true, true", // no such schema
        "404, 50005, true, false, false", // a gateway's page in HTML
        "404, 404, true, false, false",
        "409, 409, false, true, false", // incompatible
        "409, 40901, false, true, false",
        "422, 42201, false, true, false", // invalid
        "401, 40101, true, false, false",
        "403, 40301, true, false, false",
        "407, 50005, true, false, false",
        "429, 42901, true, false, false",
        "500, 50001, true, false, false",
        "503, 50005, true, false, false",
    })
    void answers_to_confluents_client_are_told_by_status_and_code(
            int status, int code, boolean passes, boolean refused, boolean notFound) {
        Throwable failure = serialization(new RestClientException("says the registry", status, code) {});

        assertThat(RegistryFailures.mayPass(failure)).isEqualTo(passes);
        assertThat(RegistryFailures.isRefusal(failure)).isEqualTo(refused);
        assertThat(RegistryFailures.isNotFound(failure)).isEqualTo(notFound);
    }

    static Stream<Throwable> what_passes() {
        return Stream.of(
                new SSLHandshakeException("PKIX path building failed"),
                new ConnectException("refused"),
                new SocketTimeoutException("read"));
    }

    @ParameterizedTest
    @MethodSource
    void what_passes(Throwable cause) {
        assertThat(RegistryFailures.mayPass(serialization(cause))).isTrue();
        assertThat(RegistryFailures.isRefusal(serialization(cause))).isFalse();
    }

    @Test
    void bytes_that_end_too_early_never_pass() {
        assertThat(RegistryFailures.mayPass(serialization(new EOFException()))).isFalse();
        assertThat(RegistryFailures.isRefusal(serialization(new EOFException())))
                .isFalse();
    }

    @Test
    void our_own_refusals_are_told_by_their_codes() {
        assertThat(RegistryFailures.isRefusal(new RegistryRefusalException("no", 409)))
                .isTrue();
        assertThat(RegistryFailures.isNotFound(new RegistryRefusalException("no", 409)))
                .isFalse();
        assertThat(RegistryFailures.isNotFound(new RegistryRefusalException("no", 40403)))
                .isTrue();
        assertThat(RegistryFailures.mayPass(new RegistryRefusalException("no", 40403)))
                .isFalse();
    }
}
