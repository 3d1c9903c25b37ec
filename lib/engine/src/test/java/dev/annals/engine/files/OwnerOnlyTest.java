package dev.annals.engine.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnerOnlyTest {

    @TempDir
    Path folder;

    @BeforeEach
    void requirePosix() {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "needs POSIX permissions");
    }

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void set(Path path, String rights) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
    }

    @Test
    void what_is_made_is_the_owners_alone() throws IOException {
        Path inner = OwnerOnly.createDirectories(folder.resolve("a/b"));
        OwnerOnly.write(inner.resolve("file"), "text");
        try (OutputStream out = OwnerOnly.newOutputStream(inner.resolve("stream"))) {
            out.write(1);
        }

        assertThat(rights(folder.resolve("a"))).isEqualTo("rwx------");
        assertThat(rights(inner)).isEqualTo("rwx------");
        assertThat(rights(inner.resolve("file"))).isEqualTo("rw-------");
        assertThat(rights(inner.resolve("stream"))).isEqualTo("rw-------");
        assertThat(inner.resolve("file")).hasContent("text");
    }

    @Test
    void what_is_there_stays_as_it_is() throws IOException {
        Path volume = Files.createDirectory(folder.resolve("volume"));
        set(volume, "rwxrwx---");
        Path file = Files.writeString(volume.resolve("file"), "longer than the new one");
        set(file, "rw-r-----");

        OwnerOnly.createDirectories(volume);
        OwnerOnly.write(file, "new");

        assertThat(rights(volume)).isEqualTo("rwxrwx---");
        assertThat(rights(file)).isEqualTo("rw-r-----");
        assertThat(file).hasContent("new");
    }

    @Test
    void a_folder_of_this_user_can_be_restricted() throws IOException {
        Path own = Files.createDirectory(folder.resolve("own"));
        set(own, "rwxr-x---");

        OwnerOnly.restrict(own);

        assertThat(rights(own)).isEqualTo("rwx------");
    }

    @Test
    void who_may_read_a_file_is_seen() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "secret");
        set(file, "rw-------");
        assertThat(OwnerOnly.isReadByOthers(file)).isFalse();
        set(file, "rw-r-----");
        assertThat(OwnerOnly.isReadByOthers(file)).isTrue();
        set(file, "rw----r--");
        assertThat(OwnerOnly.isReadByOthers(file)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwx---", "rwx----w-"})
    void what_others_may_write_is_told_with_the_mend(String rights) throws IOException {
        set(folder, rights);

        assertThat(OwnerOnly.whyWritableByOthers(folder)).contains(rights).endsWith("chmod go-w " + folder);

        set(folder, "rwxr-xr-x");
        assertThat(OwnerOnly.whyWritableByOthers(folder)).isNull();
    }

    @Test
    void what_belongs_to_somebody_else_may_be_written_by_him() throws IOException {
        assumeTrue("root".equals(Files.getOwner(folder).getName()), "only root can give a file away");
        Path file = Files.createFile(folder.resolve("file"));
        Files.setAttribute(file, "unix:uid", 12_345);

        assertThat(OwnerOnly.whyWritableByOthers(file))
                .contains("belongs to 12345")
                .contains("chown root");
    }

    @Test
    void where_there_are_no_such_permissions_everything_passes() throws IOException {
        URI zip = URI.create("jar:" + folder.resolve("files.zip").toUri());
        try (FileSystem other = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            Path file = OwnerOnly.createDirectories(other.getPath("/a")).resolve("file");
            OwnerOnly.write(file, "text");

            assertThat(OwnerOnly.isReadByOthers(file)).isFalse();
            assertThat(OwnerOnly.whyWritableByOthers(file)).isNull();
        }
    }
}
