package dev.annals.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataFolderTest {
    @TempDir
    Path folder;

    @Test
    void a_folder_that_cant_be_written_is_named_in_one_line() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");

        assertThatThrownBy(() -> new DataFolder(file).prepare())
                .isInstanceOf(QuickstartException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("--data")
                .message()
                .hasLineCount(1);
    }

    @Test
    void only_jars_in_the_domains_folder_are_domains() throws Exception {
        DataFolder data = new DataFolder(folder);
        assertThat(data.domainJars()).isEmpty();
        data.prepare();
        Path jar = Files.createFile(folder.resolve("domains").resolve("hotels.jar"));
        Files.createFile(folder.resolve("domains").resolve("README"));

        assertThat(data.domainJars()).containsExactly(jar.toAbsolutePath());
    }

    @Test
    void ports_are_remembered() {
        DataFolder data = new DataFolder(folder);
        data.prepare();
        assertThat(Quickstart.recordedPorts(folder)).isEmpty();

        Ports others = new Ports(1, 2, 3, 4, 5, 6, 7, 8);
        data.write(data.ports(), others.toProperties());

        assertThat(Quickstart.recordedPorts(folder)).contains(others);
    }

    @Test
    void what_the_release_that_was_started_last_did_not_have_has_its_default() {
        DataFolder data = new DataFolder(folder);
        data.prepare();
        Properties before = new Ports(1, 2, 3, 4, 5, 6, 7, 8).toProperties();
        before.remove("processes");
        before.remove("console");
        data.write(data.ports(), before);

        assertThat(Quickstart.recordedPorts(folder)).contains(new Ports(1, 2, 3, 4, 5, 6, 8083, 8084));
    }

    @Test
    void nothing_is_stopped_in_a_folder_that_was_never_used() throws Exception {
        assertThat(Quickstart.in(folder.resolve("none"), Ports.DEFAULT).down()).isZero();
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void the_lock_is_free_again_when_it_is_closed() throws Exception {
        DataFolder data = new DataFolder(folder);
        data.prepare();
        data.lock().close();

        try (FileChannel again = data.lock()) {
            assertThat(again.isOpen()).isTrue();
        }
    }

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void requirePosix() {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "needs POSIX permissions");
    }

    @Test
    void what_is_made_is_for_its_owner_alone() throws Exception {
        requirePosix();
        DataFolder data = new DataFolder(folder.resolve("new"));
        data.prepare();
        data.write(data.ports(), Ports.DEFAULT.toProperties());
        PidFile pid = new PidFile(data.pid(Part.BROKER));
        pid.write(ProcessHandle.current());

        try (Stream<Path> all = Files.walk(data.root())) {
            assertThat(all)
                    .hasSizeGreaterThan(9)
                    .allSatisfy(path -> assertThat(rights(path))
                            .as(path.toString())
                            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
        }
        assertThat(data.log(Part.BROKER).getParent()).isDirectory();
        assertThat(data.state(Part.QUERIES).getParent()).isDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "domains", "domains/hotels.jar"})
    void jars_that_others_may_write_are_not_loaded(String open) throws Exception {
        requirePosix();
        DataFolder data = new DataFolder(folder.resolve("new"));
        data.prepare();
        Path jar = Files.createFile(data.root().resolve("domains/hotels.jar"));
        Path path = data.root().resolve(open);
        Set<PosixFilePermission> rights = Files.getPosixFilePermissions(path);
        rights.add(PosixFilePermission.GROUP_WRITE);
        Files.setPosixFilePermissions(path, rights);

        assertThatThrownBy(data::domainJars)
                .isInstanceOf(QuickstartException.class)
                .hasMessageContaining("chmod go-w " + path)
                .hasMessageContaining("--data");

        Files.delete(jar);
        assertThat(data.domainJars()).isEmpty();
    }
}
