package dev.annals.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AnnalsMainTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void without_a_command_it_shows_them_and_fails() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("Which command?", "up", "down", "status");
    }

    @Test
    void what_a_person_can_put_right_is_one_line() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");

        assertThat(run("up", "--data", file.toString())).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("annals: ")
                .contains(file.toString())
                .hasLineCount(1);
    }

    @Test
    void a_wrong_setting_of_the_clients_is_one_line_that_names_it() throws Exception {
        Path settings = Files.writeString(folder.resolve("client.properties"), "security.protocol=NONE");

        assertThat(run(
                        "backup",
                        folder.resolve("backup").toString(),
                        "--bootstrap",
                        "127.0.0.1:1",
                        "--registry",
                        "http://127.0.0.1:1",
                        "--kafka-config",
                        settings.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("annals: ", "security.protocol").hasLineCount(1);
    }

    @Test
    void down_of_stopped_processes_succeeds() throws Exception {
        stoppedInstallation();

        assertThat(run("down", "--data", folder.toString())).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("Nothing was running.");
    }

    @Test
    void status_of_stopped_processes_fails_and_is_json_when_asked() throws Exception {
        stoppedInstallation();

        assertThat(run("status", "--json", "--data", folder.toString())).isEqualTo(1);
        assertThat(out.toString())
                .contains("\"title\":\"Kafka broker\"", "\"state\":\"STOPPED\"")
                .hasLineCount(1);
    }

    private void stoppedInstallation() throws IOException {
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                config.resolve("ports.properties"),
                "broker=1\ncontroller=2\nregistry=3\ncommands=4\nqueries=5\nprojector=6\n");
    }

    private int run(String... args) {
        CommandLine commandLine = AnnalsMain.commandLine();
        return commandLine
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
