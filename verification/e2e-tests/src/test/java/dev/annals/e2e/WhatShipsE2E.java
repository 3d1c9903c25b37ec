package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.supplychain.Advisory;
import dev.annals.supplychain.BillOfMaterials;
import dev.annals.supplychain.Component;
import dev.annals.supplychain.Decision;
import dev.annals.supplychain.Licences;
import dev.annals.supplychain.Vulnerabilities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The libraries of the distribution, against the kept lists in {@code tools/supply-chain}. */
class WhatShipsE2E {

    private static final Path KEPT = Path.of("../../tools/supply-chain");
    private static final Path LIBRARIES = Installation.CURRENT.resolve("annals.cdx.json");
    private static final Path REGISTRY = Installation.CURRENT.resolve("registry/registry.cdx.json");

    private static List<Component> components;

    @BeforeAll
    static void read_what_ships() throws IOException {
        assertThat(LIBRARIES)
                .as("Maven makes it online only: build once without -o")
                .exists();
        components = Stream.concat(BillOfMaterials.read(LIBRARIES).stream(), BillOfMaterials.read(REGISTRY).stream())
                .sorted()
                .toList();
    }

    @Test
    void every_library_has_a_licence_that_is_allowed() throws IOException {
        assertThat(Licences.read(KEPT.resolve("licences.json")).findings(components))
                .isEmpty();
    }

    @Test
    void no_library_has_a_known_vulnerability_on_which_nothing_was_decided() throws IOException {
        Vulnerabilities known = new Vulnerabilities(
                Advisory.readAll(KEPT.resolve("advisories")),
                Decision.readAll(KEPT.resolve("decisions.json")),
                LocalDate.now(ZoneOffset.UTC));

        assertThat(known.findings(components)).isEmpty();
    }

    @Test
    void every_jar_of_others_is_in_the_bill_of_materials() throws IOException {
        List<String> named = BillOfMaterials.read(LIBRARIES).stream()
                .map(component -> "%s-%s.jar".formatted(component.name(), component.version()))
                .toList();

        try (Stream<Path> files = Files.list(Installation.CURRENT.resolve("lib"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.startsWith("annals-")))
                    .as("one more may be of an earlier build: remove tools/cli/target/annals")
                    .isNotEmpty()
                    .isSubsetOf(named);
        }
    }

    @Test
    void every_library_is_named_with_its_licence_in_a_readable_list() throws IOException {
        String list = Files.readString(Installation.CURRENT.resolve("THIRD-PARTY.txt"))
                + Files.readString(Installation.CURRENT.resolve("registry/THIRD-PARTY.txt"));

        for (Component component : components) {
            assertThat(list).contains("\n" + component + "\n    ");
        }
    }
}
