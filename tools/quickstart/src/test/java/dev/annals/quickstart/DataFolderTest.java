package dev.annals.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

        Ports others = new Ports(1, 2, 3, 4, 5, 6, 7);
        data.write(data.ports(), others.toProperties());

        assertThat(Quickstart.recordedPorts(folder)).contains(others);
    }

    @Test
    void where_a_release_without_processes_was_started_their_service_has_its_default() {
        DataFolder data = new DataFolder(folder);
        data.prepare();
        Properties before = new Ports(1, 2, 3, 4, 5, 6, 7).toProperties();
        before.remove("processes");
        data.write(data.ports(), before);

        assertThat(Quickstart.recordedPorts(folder)).contains(new Ports(1, 2, 3, 4, 5, 6, 8083));
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
}
