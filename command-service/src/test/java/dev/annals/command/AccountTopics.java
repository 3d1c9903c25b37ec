package dev.annals.command;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.service.Domains;
import dev.annals.testsupport.kafka.KafkaCluster;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** The topics of accounts, and their commands. One thread. */
final class AccountTopics extends TypeTopics {

    private static final AggregateBinding<?, ?, ?> BINDING = AggregateBinding.of(Domains.load().aggregates().stream()
            .filter(type -> type.name().equals("accounts"))
            .findFirst()
            .orElseThrow());

    AccountTopics(KafkaCluster kafka, String prefix) {
        super(kafka, kafka.registryUrl(), prefix, "accounts");
    }

    static GenericRecord open() {
        GenericRecord command = new GenericData.Record(schema("OpenAccount"));
        command.put("owner", "ann");
        command.put("currency", "CZK");
        return command;
    }

    static GenericRecord deposit(String amount) {
        GenericRecord command = new GenericData.Record(schema("Deposit"));
        command.put(
                "amount",
                ByteBuffer.wrap(
                        new BigDecimal(amount).setScale(4).unscaledValue().toByteArray()));
        return command;
    }

    private static Schema schema(String name) {
        return Objects.requireNonNull(BINDING.commandSchema(name));
    }
}
