package dev.annals.engine.avro;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** A record of every type that can be bound, with its written schema. */
record Everything(
        Scalars scalars,
        @Nullable Line optionalLine,
        List<Line> lines,
        Map<String, BigDecimal> amounts,
        List<String> notes) {

    enum Colour {
        RED,
        GREEN
    }

    record Line(String sku, int quantity) {}

    record Scalars(
            String text,
            UUID uuid,
            int whole,
            long large,
            double real,
            boolean flag,
            BigDecimal money,
            Instant time,
            LocalDate day,
            Colour colour,
            @Nullable Integer optionalWhole,
            @Nullable BigDecimal optionalMoney,
            @Nullable Instant optionalTime,
            @Nullable UUID optionalUuid,
            @Nullable Colour optionalColour) {}

    static final Schema SCHEMA = new Schema.Parser().parse("""
                    {"type": "record", "name": "Everything", "namespace": "t", "fields": [
                      {"name": "scalars", "type": {"type": "record", "name": "Scalars", "fields": [
                        {"name": "text", "type": "string"},
                        {"name": "uuid", "type": {"type": "string", "logicalType": "uuid"}},
                        {"name": "whole", "type": "int"},
                        {"name": "large", "type": "long"},
                        {"name": "real", "type": "double"},
                        {"name": "flag", "type": "boolean"},
                        {"name": "money", "type":
                          {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 4}},
                        {"name": "time", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                        {"name": "colour", "type":
                          {"type": "enum", "name": "Colour", "symbols": ["RED", "GREEN", "BLUE"]}},
                        {"name": "optionalWhole", "type": ["null", "int"], "default": null},
                        {"name": "optionalMoney", "type": ["null",
                          {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 4}], "default": null},
                        {"name": "optionalTime", "type":
                          ["null", {"type": "long", "logicalType": "timestamp-micros"}], "default": null},
                        {"name": "optionalUuid", "type": ["null", "string"], "default": null},
                        {"name": "optionalColour", "type": ["null", "Colour"], "default": null}
                      ]}},
                      {"name": "optionalLine", "type": ["null", {"type": "record", "name": "Line", "fields": [
                        {"name": "sku", "type": "string"},
                        {"name": "quantity", "type": "int"}
                      ]}], "default": null},
                      {"name": "lines", "type": {"type": "array", "items": "Line"}},
                      {"name": "amounts", "type": {"type": "map", "values":
                        {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 4}}},
                      {"name": "notes", "type": {"type": "array", "items": "string"}}
                    ]}
                    """);
}
