package dev.behalf.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a service start in a fraction of the time: its jar unpacked, and, from JDK 25 on, an AOT
 * cache (JEP 483, 514, 515) of the classes that an earlier run has loaded and the methods that were
 * hot in it. The first run after a build learns, and what it has learned is kept when it ends.
 * Beside the jar, and made anew when the jar, the JDK or its options are others.
 */
final class QuickStart {

  private static final int FIRST_WITH_CACHE = 25;

  private static final String LEARNED = "learned-";

  private final String service;
  private final Path jar;
  private final Path folder;

  QuickStart(String service) {
    this.service = service;
    this.jar = Jars.of(service);
    this.folder = jar.resolveSibling("quick-start");
  }

  /** What to give to java, the jar last; the boot jar itself where nothing is prepared. */
  List<String> arguments() {
    if (!isPrepared()) {
      return List.of("-jar", jar.toString());
    }
    return Files.exists(cache())
        ? unpacked("-XX:AOTCache=" + cache())
        : List.of("-jar", unpacked().toString());
  }

  /** The same, for a run that learns where there is something to learn. */
  List<String> learningArguments() {
    return hasToLearn() ? unpacked("-XX:AOTCacheOutput=" + learned()) : arguments();
  }

  boolean hasToLearn() {
    return isPrepared()
        && Runtime.version().feature() >= FIRST_WITH_CACHE
        && !Files.exists(cache());
  }

  boolean isPrepared() {
    try {
      return Files.exists(stamp()) && Files.readString(stamp()).equals(currentStamp());
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Unpacks the jar. */
  void prepare() throws IOException, InterruptedException {
    delete(folder);
    Files.createDirectories(folder);
    var log = folder.resolve("prepare.log");
    var exit =
        new ProcessBuilder(
                Service.java(),
                "-Djarmode=tools",
                "-jar",
                jar.toString(),
                "extract",
                "--force",
                "--destination",
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("Unpacking %s ended with %d: see %s.".formatted(service, exit, log));
    }
    Files.writeString(stamp(), currentStamp());
  }

  /** After the end of a run that has learned: the first one counts, its cache may be in use. */
  void keepLearned() throws IOException {
    if (hasToLearn() && Files.exists(learned())) {
      Files.move(learned(), cache(), StandardCopyOption.ATOMIC_MOVE);
    }
    try (var left = Files.newDirectoryStream(folder, LEARNED + "*")) {
      for (var file : left) {
        Files.deleteIfExists(file);
      }
    }
  }

  private List<String> unpacked(String option) {
    return List.of(option, "-Xlog:aot=off", "-Xlog:cds=off", "-jar", unpacked().toString());
  }

  private Path unpacked() {
    return folder.resolve(jar.getFileName());
  }

  private Path cache() {
    return folder.resolve("app.aot");
  }

  /** Of its own for each run: it is written by a process that ends. */
  private Path learned() {
    return folder.resolve(LEARNED + ProcessHandle.current().pid() + ".aot");
  }

  private Path stamp() {
    return folder.resolve("stamp");
  }

  private String currentStamp() throws IOException {
    return Runtime.version()
        + " "
        + System.getProperty("java.home")
        + " "
        + Service.JVM
        + " "
        + Files.size(jar)
        + " "
        + Files.getLastModifiedTime(jar);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
