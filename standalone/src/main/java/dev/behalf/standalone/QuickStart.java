package dev.behalf.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a service start in a fraction of the time. It unpacks the service's jar and, from JDK 25
 * on, uses an AOT cache (JEP 483, 514, 515) of the classes that an earlier run loaded and the
 * methods that were hot in that run. The first run after a build records the cache, which is kept
 * when the run ends; there is one for each {@link Compilation}. The files are next to the jar, and
 * are made again if the jar, the JDK or its options change.
 */
final class QuickStart {

  private static final int FIRST_WITH_CACHE = 25;

  private static final String LEARNED = "learned-";

  private final String service;
  private final Compilation compilation;
  private final Path jar;
  private final Path folder;

  QuickStart(String service) {
    this(service, Compilation.chosen());
  }

  QuickStart(String service, Compilation compilation) {
    this.service = service;
    this.compilation = compilation;
    this.jar = Jars.of(service);
    this.folder = jar.resolveSibling("quick-start");
  }

  /** Returns the arguments for java, the jar last: the boot jar itself if nothing is prepared. */
  List<String> arguments() {
    if (!isPrepared()) {
      return List.of("-jar", jar.toString());
    }
    return Files.exists(cache())
        ? unpacked("-XX:AOTCache=" + cache())
        : List.of("-jar", unpacked().toString());
  }

  /** Returns the arguments for a run that records an AOT cache if there is none yet. */
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
      throw new IOException("Unpacking %s failed with %d: see %s.".formatted(service, exit, log));
    }
    Files.writeString(stamp(), currentStamp());
  }

  /**
   * Keeps the recorded cache after the run has ended. A cache that another run has kept stays,
   * because it may be in use.
   */
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
    return folder.resolve("app-" + compilation.word() + ".aot");
  }

  /**
   * Returns the file that this run records to. Each run has its own, written as its process ends.
   */
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
