package dev.annals.quickstart;

import java.util.Properties;

/**
 * The ports of the loopback on which the processes listen.
 *
 * @param broker Kafka clients
 * @param controller the broker's own controller
 * @param registry the schema registry
 * @param commands HTTP of the command service
 * @param queries HTTP of the query service
 * @param projector health and metrics of the projector
 * @param processes HTTP of the process service
 * @param console the pages of the console
 */
public record Ports(
        int broker,
        int controller,
        int registry,
        int commands,
        int queries,
        int projector,
        int processes,
        int console) {

    public static final Ports DEFAULT = new Ports(9092, 9093, 8085, 8080, 8081, 8082, 8083, 8084);

    Properties toProperties() {
        Properties properties = new Properties();
        properties.setProperty("broker", Integer.toString(broker));
        properties.setProperty("controller", Integer.toString(controller));
        properties.setProperty("registry", Integer.toString(registry));
        properties.setProperty("commands", Integer.toString(commands));
        properties.setProperty("queries", Integer.toString(queries));
        properties.setProperty("projector", Integer.toString(projector));
        properties.setProperty("processes", Integer.toString(processes));
        properties.setProperty("console", Integer.toString(console));
        return properties;
    }

    static Ports from(Properties properties) {
        return new Ports(
                port(properties, "broker"),
                port(properties, "controller"),
                port(properties, "registry"),
                port(properties, "commands"),
                port(properties, "queries"),
                port(properties, "projector"),
                portOf(properties, "processes", DEFAULT.processes),
                portOf(properties, "console", DEFAULT.console));
    }

    /** Of a part that the release which has started last may not have had. */
    private static int portOf(Properties properties, String name, int otherwise) {
        return properties.containsKey(name) ? port(properties, name) : otherwise;
    }

    private static int port(Properties properties, String name) {
        return Integer.parseInt(properties.getProperty(name));
    }
}
