package dev.annals.flights;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Airports and arrival routes, from {@code reference-data.csv} in this package, which says where they are from. A
 * decision must not depend on a call, so that it comes out alike wherever and whenever it is made; another version of
 * the file is another release. Immutable and thread-safe.
 */
public final class ReferenceData {

    private static final ReferenceData SHIPPED = read();

    private final Map<String, String> icaoByCode = new HashMap<>();
    private final Set<String> points = new HashSet<>();
    private final Map<String, Set<String>> starsByIcao = new HashMap<>();

    private ReferenceData() {}

    /** As it comes with the domain. */
    public static ReferenceData shipped() {
        return SHIPPED;
    }

    /** Whether a flight can depart from there, or go there. */
    public boolean knows(String code) {
        return icaoByCode.containsKey(code) || points.contains(code);
    }

    /** The ICAO location indicator of an airport, under whichever code it is known; empty where it has none. */
    public Optional<String> icao(String code) {
        return Optional.ofNullable(icaoByCode.get(code));
    }

    /** Whether the arrival route leads to this airport, under whichever code. */
    boolean leadsTo(String star, String code) {
        return icao(code)
                .map(starsByIcao::get)
                .filter(stars -> stars.contains(star))
                .isPresent();
    }

    private static ReferenceData read() {
        ReferenceData data = new ReferenceData();
        try (InputStream in = Objects.requireNonNull(
                        ReferenceData.class.getResourceAsStream("reference-data.csv"), "reference-data.csv");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(data::add);
            return data;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String line) {
        String[] columns = line.split(",", -1);
        String code = columns[1];
        switch (columns[0]) {
            case "airport" -> icaoByCode.put(code, columns[2]);
            case "point" -> points.add(code);
            case "star" ->
                starsByIcao.computeIfAbsent(columns[2], icao -> new HashSet<>()).add(code);
            default -> throw new IllegalStateException("reference-data.csv: expected airport, point or star: " + line);
        }
    }
}
