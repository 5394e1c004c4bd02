package dev.behalf.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.behalf.cli.profile.RunningHere;
import dev.behalf.standalone.RunFile.Child;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileTest {

  private static final ProcessHandle SELF = ProcessHandle.current();
  private static final Child ALIVE = child("web-app", SELF.pid(), started(SELF), 1);
  private static final Child ENDED = child("worker", Long.MAX_VALUE, started(SELF), 2);

  /** The process has ended, and this one has got its id. */
  private static final Child REPLACED =
      child("compute-server", SELF.pid(), "2020-01-01T00:00:00Z", 3);

  @TempDir Path data;

  @Test
  void what_is_written_is_read_in_the_same_order() throws Exception {
    var run = of(ENDED, ALIVE, REPLACED);

    run.write(data);

    assertThat(RunFile.read(data)).hasValue(run);
  }

  @Test
  void an_earlier_file_is_replaced_as_a_whole() throws Exception {
    of(ALIVE, ENDED).write(data);

    of(REPLACED).write(data);

    assertThat(RunFile.read(data)).hasValue(of(REPLACED));
    assertThat(RunFile.path(data)).content().doesNotContain("worker");
    assertThat(data).as("nothing beside it").isDirectoryNotContaining("glob:**.next");
  }

  @Test
  void a_folder_that_was_never_used_has_none() throws Exception {
    assertThat(RunFile.read(data)).isEmpty();
  }

  @Test
  void a_system_runs_while_one_of_its_services_does() {
    assertThat(of(ENDED, ALIVE).isRunning()).isTrue();
    assertThat(of(ENDED).isRunning()).isFalse();
  }

  @Test
  void another_process_with_the_id_of_a_service_is_not_that_service() {
    assertThat(ALIVE.process()).hasValue(SELF);
    assertThat(REPLACED.process()).as("a process that started at another time").isEmpty();
    assertThat(of(REPLACED).isRunning()).isFalse();
  }

  @Test
  void who_needs_a_running_system_is_told_how_to_start_one() throws Exception {
    of(ENDED, REPLACED).write(data);

    assertThatExceptionOfType(UserError.class)
        .isThrownBy(() -> RunFile.require(data))
        .withMessage("Nothing is running from %s: start it with `./behalf up`.", data);
  }

  @Test
  void a_running_system_is_found() throws Exception {
    of(ALIVE, ENDED).write(data);

    assertThat(RunFile.require(data)).isEqualTo(of(ALIVE, ENDED));
  }

  @Test
  void each_service_has_its_management_address() {
    assertThat(of(ALIVE, ENDED).management("worker")).isEqualTo(URI.create("http://127.0.0.1:2"));
    assertThatExceptionOfType(UserError.class)
        .isThrownBy(() -> of(ALIVE).management("worker"))
        .withMessage("worker is not running.");
  }

  @Test
  void the_client_commands_find_the_server_in_the_file() throws Exception {
    of(ALIVE).write(data);

    assertThat(RunningHere.address(data).orElseThrow()).hasToString("http://127.0.0.1:8080");
  }

  @Test
  void the_pages_have_a_host_name() {
    assertThat(of(ALIVE).page()).isEqualTo("http://localhost:8080");
  }

  @Test
  void a_write_that_was_cut_off_does_not_hide_the_file_before_it() throws Exception {
    of(ALIVE).write(data);
    Files.writeString(data.resolve("run.properties.next"), "pid=");

    assertThat(RunFile.read(data)).hasValue(of(ALIVE));
    of(ENDED).write(data);
    assertThat(RunFile.read(data)).hasValue(of(ENDED));
  }

  private static RunFile of(Child... children) {
    var database = "jdbc:postgresql://127.0.0.1:5432/behalf?sslmode=require";
    return new RunFile(7, "http://127.0.0.1:8080", database, List.of(children));
  }

  private static Child child(String name, long pid, String started, int port) {
    return new Child(name, pid, started, URI.create("http://127.0.0.1:" + port));
  }

  private static String started(ProcessHandle process) {
    return process.info().startInstant().orElseThrow().toString();
  }
}
