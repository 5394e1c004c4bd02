package dev.behalf.testkit.faults;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import net.bytebuddy.ByteBuddy;

/** The fail-points of a running system: which there are, and which are armed. */
final class FailPoints {

  private final List<FailPoint> points;
  private final Path folder;
  private final Path agent;

  FailPoints(List<FailPoint> points) throws IOException {
    this.points = points;
    this.folder = Files.createTempDirectory("behalf-fail-points");
    this.agent = folder.resolve("agent.jar");
    writeAgent();
  }

  /** What a replica's JVM needs to know, if it has any point. */
  Optional<String> javaOptions(String service, String replica) throws IOException {
    var armed = Files.createDirectories(folder.resolve(replica));
    var mine =
        points.stream()
            .filter(point -> point.service().equals(service))
            .map(FailPoint::argument)
            .collect(Collectors.joining(";"));
    return mine.isEmpty()
        ? Optional.empty()
        : Optional.of("-javaagent:" + agent + "=" + armed + ";" + mine);
  }

  /** What makes a worker say outcomes as the first version did. */
  String oldWords() {
    return "-javaagent:" + agent + "=" + folder + ";#dev.behalf.contract.StrictJson#write#old";
  }

  /** The next passage of the replica through the point ends it. */
  void arm(FailPoint point, String replica) throws IOException {
    Files.createFile(folder.resolve(replica).resolve(point.file()));
  }

  /** Says whether it still was armed. */
  boolean disarm(FailPoint point, String replica) throws IOException {
    return Files.deleteIfExists(folder.resolve(replica).resolve(point.file()));
  }

  /** Of this module's own classes, with Byte Buddy where the class path has it. */
  private void writeAgent() throws IOException {
    var manifest = new Manifest();
    var attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Premain-Class", FailPointAgent.class.getName());
    attributes.put(Attributes.Name.CLASS_PATH, byteBuddy());
    try (var jar = new JarOutputStream(Files.newOutputStream(agent), manifest)) {
      for (var type :
          List.of(
              FailPointAgent.class,
              FailPointAgent.Trigger.class,
              FailPointAgent.AtStart.class,
              FailPointAgent.AtEnd.class,
              FailPointAgent.InOldWords.class)) {
        var file = type.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new JarEntry(file));
        try (var bytes = ClassLoader.getSystemResourceAsStream(file)) {
          if (bytes == null) {
            throw new IOException("There is no " + file + ".");
          }
          bytes.transferTo(jar);
        }
      }
    }
  }

  private static String byteBuddy() throws IOException {
    try {
      return ByteBuddy.class.getProtectionDomain().getCodeSource().getLocation().toURI().toString();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }
}
