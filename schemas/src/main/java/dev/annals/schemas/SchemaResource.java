package dev.annals.schemas;

/**
 * Where a schema lies.
 *
 * @param path resource path without a leading slash, as class loaders want it
 */
record SchemaResource(String path) {

    private static final String ROOT = "avro/";
    private static final String OURS = "annals.";
    private static final String SUFFIX = ".avsc";

    static SchemaResource of(String resourceOrFullName) {
        if (!resourceOrFullName.endsWith(SUFFIX)) {
            return ofType(resourceOrFullName);
        }
        return new SchemaResource(
                resourceOrFullName.startsWith("/") ? resourceOrFullName.substring(1) : resourceOrFullName);
    }

    /** A folder for each part of the namespace, but none for our own. */
    static SchemaResource ofType(String fullName) {
        String name = fullName.startsWith(OURS) ? fullName.substring(OURS.length()) : fullName;
        return new SchemaResource(ROOT + name.replace('.', '/') + SUFFIX);
    }

    /** The file of a type that stands in the same folder as this one. */
    SchemaResource sibling(String fullName) {
        String folder = path.substring(0, path.lastIndexOf('/') + 1);
        return new SchemaResource(folder + simpleName(fullName) + SUFFIX);
    }

    /** The simple name of the type that the file must declare. */
    String declares() {
        return path.substring(path.lastIndexOf('/') + 1, path.length() - SUFFIX.length());
    }

    private static String simpleName(String fullName) {
        return fullName.substring(fullName.lastIndexOf('.') + 1);
    }

    @Override
    public String toString() {
        return "/" + path;
    }
}
