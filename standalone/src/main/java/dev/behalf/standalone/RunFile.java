package dev.behalf.standalone;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * The run file of a data folder, by which other commands find the processes that {@code up}
 * started.
 *
 * @param web the address of web-app for programs
 */
record RunFile(long pid, String web, String database, List<Child> children) {

  record Child(String name, long pid, String started, URI management) {

    static Child of(Service service) {
      return new Child(service.name(), service.pid(), started(service.pid()), service.management());
    }

    /** Returns the process, or empty if it has ended or its id belongs to another one now. */
    Optional<ProcessHandle> process() {
      return ProcessHandle.of(pid).filter(process -> started(process.pid()).equals(started));
    }

    private static String started(long pid) {
      return ProcessHandle.of(pid)
          .flatMap(process -> process.info().startInstant())
          .map(Instant::toString)
          .orElse("");
    }
  }

  static Path path(Path data) {
    return data.resolve("run.properties");
  }

  static Optional<RunFile> read(Path data) throws IOException {
    if (!Files.exists(path(data))) {
      return Optional.empty();
    }
    var values = new Properties();
    try (var in = Files.newInputStream(path(data))) {
      values.load(in);
    }
    var children = new ArrayList<Child>();
    for (var name : values.getProperty("children").split(",", -1)) {
      children.add(
          new Child(
              name,
              Long.parseLong(values.getProperty(name + ".pid")),
              values.getProperty(name + ".started"),
              URI.create(values.getProperty(name + ".management"))));
    }
    return Optional.of(
        new RunFile(
            Long.parseLong(values.getProperty("pid")),
            values.getProperty("web"),
            values.getProperty("database"),
            children));
  }

  /** Returns the run file of a running system, or fails if nothing runs. */
  static RunFile require(Path data) throws IOException {
    return read(data)
        .filter(RunFile::isRunning)
        .orElseThrow(
            () ->
                new UserError(
                    "Nothing is running from " + data + ": start it with `./behalf up`."));
  }

  /** Returns the address for browsers, which allow passkeys only on a host name. */
  String page() {
    return web.replace("//127.0.0.1:", "//localhost:");
  }

  /** Returns the management address of a service. */
  URI management(String name) {
    return children.stream()
        .filter(child -> child.name().equals(name))
        .map(Child::management)
        .findFirst()
        .orElseThrow(() -> new UserError(name + " is not running."));
  }

  boolean isRunning() {
    return children.stream().anyMatch(child -> child.process().isPresent());
  }

  void write(Path data) throws IOException {
    var values = new Properties();
    values.setProperty("pid", String.valueOf(pid));
    values.setProperty("web", web);
    values.setProperty("database", database);
    values.setProperty("children", String.join(",", children.stream().map(Child::name).toList()));
    for (var child : children) {
      values.setProperty(child.name() + ".pid", String.valueOf(child.pid()));
      values.setProperty(child.name() + ".started", child.started());
      values.setProperty(child.name() + ".management", child.management().toString());
    }
    var next = data.resolve("run.properties.next");
    try (var out = Files.newOutputStream(next)) {
      values.store(out, null);
    }
    Files.move(next, path(data), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }
}
