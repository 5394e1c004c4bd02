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

/** The fail points of a running system, which tests arm and disarm. */
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

  /** Returns the JVM options of a replica, or empty if its service has no fail points. */
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

  /** Returns the JVM option that makes a worker publish outcomes in the first version's format. */
  String oldWords() {
    return "-javaagent:" + agent + "=" + folder + ";#dev.behalf.contract.StrictJson#write#old";
  }

  /** Arms a point: the replica's next passage through it ends the replica. */
  void arm(FailPoint point, String replica) throws IOException {
    Files.createFile(folder.resolve(replica).resolve(point.file()));
  }

  /** Disarms a point and returns whether it was still armed. */
  boolean disarm(FailPoint point, String replica) throws IOException {
    return Files.deleteIfExists(folder.resolve(replica).resolve(point.file()));
  }

  /**
   * Writes the agent's jar from this module's classes; its manifest refers to Byte Buddy on the
   * class path.
   */
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
