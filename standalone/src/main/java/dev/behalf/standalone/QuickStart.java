package dev.behalf.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes a service start in a fraction of the time: its jar unpacked, and, from JDK 25 on, an AOT
 * cache (JEP 483, 514) from one run that ends before it would connect to anything. Beside the jar,
 * and made anew when the jar or the JDK is another one.
 */
final class QuickStart {

  private static final int FIRST_WITH_CACHE = 25;

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
    try {
      if (!isPrepared()) {
        return List.of("-jar", jar.toString());
      }
      return Files.exists(cache())
          ? List.of(
              "-XX:AOTCache=" + cache(),
              "-Xlog:aot=off",
              "-Xlog:cds=off",
              "-jar",
              unpacked().toString())
          : List.of("-jar", unpacked().toString());
    } catch (IOException unreadable) {
      return List.of("-jar", jar.toString());
    }
  }

  boolean isPrepared() throws IOException {
    return Files.exists(stamp()) && Files.readString(stamp()).equals(currentStamp());
  }

  void prepare() throws IOException, InterruptedException {
    delete(folder);
    run(
        Map.of(),
        List.of(
            Service.java(),
            "-Djarmode=tools",
            "-jar",
            jar.toString(),
            "extract",
            "--force",
            "--destination",
            folder.toString()));
    if (Runtime.version().feature() >= FIRST_WITH_CACHE) {
      run(
          nothingReal(),
          Service.command(
              List.of(
                  "-XX:AOTCacheOutput=" + cache(),
                  "-Dspring.context.exit=onRefresh",
                  "-jar",
                  unpacked().toString())));
    }
    Files.writeString(stamp(), currentStamp());
  }

  /** Settings in the right form that lead nowhere. */
  private static Map<String, String> nothingReal() {
    var secret = "1:" + Base64.getEncoder().encodeToString(new byte[32]);
    return Map.of(
        "BEHALF_PEPPERS", secret,
        "BEHALF_MASTER_KEYS", secret,
        "BEHALF_MESSAGE_SECRETS", secret,
        "BEHALF_LOOKUP_SECRETS", secret,
        "SERVER_PORT", "0",
        "SERVER_ADDRESS", "127.0.0.1");
  }

  private void run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("prepare.log").toFile()));
    builder.environment().putAll(environment);
    var exit = builder.start().waitFor();
    if (exit != 0) {
      throw new IOException(
          "Preparing "
              + service
              + " ended with "
              + exit
              + ": see "
              + folder.resolve("prepare.log")
              + ".");
    }
  }

  private Path unpacked() {
    return folder.resolve(jar.getFileName());
  }

  private Path cache() {
    return folder.resolve("app.aot");
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
