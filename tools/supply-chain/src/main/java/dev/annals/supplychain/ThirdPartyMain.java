package dev.annals.supplychain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes what a distribution has of others beside its jars: {@code THIRD-PARTY.txt} of the services and the command
 * line, and within {@code registry} the same and a bill of materials, since the registry comes without one. The build
 * runs it; it refuses nothing, which is the tests' part.
 */
public final class ThirdPartyMain {

    private static final String LIST = "THIRD-PARTY.txt";

    private ThirdPartyMain() {}

    /**
     * @param arguments the distribution, and the folder with {@code licences.json}, {@code vendored.json} and
     *     {@code notices.txt}
     */
    public static void main(String[] arguments) throws IOException {
        Path distribution = Path.of(arguments[0]);
        Path kept = Path.of(arguments[1]);
        Licences licences = Licences.read(kept.resolve("licences.json"));

        Path bill = distribution.resolve("annals.cdx.json");
        if (Files.notExists(bill)) {
            System.out.println("No bill of materials, which Maven makes online only, and so no " + LIST);
            return;
        }
        BillOfMaterials.addVendored(bill, kept.resolve("vendored.json"));
        List<Component> libraries = resolved(licences, BillOfMaterials.read(bill));
        Files.writeString(
                distribution.resolve(LIST),
                new ThirdPartyList(distribution.resolve("lib"))
                        .text(libraries, Files.readString(kept.resolve("notices.txt"))));

        Path registry = distribution.resolve("registry");
        List<Component> jars = resolved(licences, RegistryFolder.components(registry));
        BillOfMaterials.write(registry.resolve("registry.cdx.json"), "Apicurio Registry", jars);
        Files.writeString(registry.resolve(LIST), new ThirdPartyList(registry.resolve("lib")).text(jars, ""));
    }

    private static List<Component> resolved(Licences licences, List<Component> components) {
        return components.stream().map(licences::resolve).toList();
    }
}
