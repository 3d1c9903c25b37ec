package dev.annals.engine.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * POSIX permissions of what an installation keeps: all events are in it, in clear. Folders and files get them when they
 * are made, whatever the umask is; what is there already stays as somebody has made it, such as a volume that is
 * mounted, unless it is to be restricted. On a file system without such permissions everything passes.
 */
public final class OwnerOnly {

    private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final Set<PosixFilePermission> READ_BY_OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

    /** The process itself, as a folder of its user; on Linux. */
    private static final Path SELF = Path.of("/proc/self");

    private static final Integer ROOT = 0;

    private OwnerOnly() {}

    /** {@code rwx------}: makes those that are missing, as {@link Files#createDirectories}. */
    public static Path createDirectories(Path folder) throws IOException {
        return isPosix(folder) ? Files.createDirectories(folder, FOLDER) : Files.createDirectories(folder);
    }

    /**
     * {@code rwx------}: takes the rights of others on a folder that somebody has made with more of them. One that
     * belongs to another user, as the root of a mounted volume may, stays as it is.
     */
    public static void restrict(Path folder) throws IOException {
        if (isPosix(folder) && Files.getOwner(folder).equals(user(folder))) {
            Files.setPosixFilePermissions(folder, FOLDER.value());
        }
    }

    /** {@code rw-------}: a file to be written from its beginning. */
    public static OutputStream newOutputStream(Path file) throws IOException {
        Set<StandardOpenOption> anew =
                EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        return Channels.newOutputStream(
                isPosix(file) ? Files.newByteChannel(file, anew, FILE) : Files.newByteChannel(file, anew));
    }

    public static void write(Path file, byte[] bytes) throws IOException {
        try (OutputStream out = newOutputStream(file)) {
            out.write(bytes);
        }
    }

    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether others than the owner may read a file. */
    public static boolean isReadByOthers(Path file) throws IOException {
        return isPosix(file) && Files.getPosixFilePermissions(file).stream().anyMatch(READ_BY_OTHERS::contains);
    }

    /**
     * Why others than this user and root may change a file, or what is in a folder.
     *
     * @return null if they may not; else the reason, with the command that ends it
     */
    public static @Nullable String whyWritableByOthers(Path path) throws IOException {
        if (!isPosix(path)) {
            return null;
        }
        PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
        Set<PosixFilePermission> rights = attributes.permissions();
        if (rights.contains(PosixFilePermission.GROUP_WRITE) || rights.contains(PosixFilePermission.OTHERS_WRITE)) {
            return "%s may be written by others (%s): chmod go-w %s"
                    .formatted(path, PosixFilePermissions.toString(rights), path);
        }
        if (!ROOT.equals(Files.getAttribute(path, "unix:uid"))
                && !attributes.owner().equals(user(path))) {
            return "%s belongs to %s, who is somebody else: chown %s %s"
                    .formatted(path, attributes.owner().getName(), user(path).getName(), path);
        }
        return null;
    }

    /** Of this process. In a container it may have a number and no name. */
    private static UserPrincipal user(Path path) throws IOException {
        return Files.exists(SELF)
                ? Files.getOwner(SELF)
                : path.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName(System.getProperty("user.name"));
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
