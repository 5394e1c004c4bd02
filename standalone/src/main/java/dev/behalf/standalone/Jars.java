package dev.behalf.standalone;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the services' boot jars below the project folder, which the launcher script names. */
public final class Jars {

  private static final String VERSION = "0.1.0";

  private Jars() {}

  /** Returns the boot jar of a service, which must have been built. */
  public static Path of(String service) {
    var home = Path.of(System.getProperty("behalf.home", "."));
    var jar =
        home.resolve(service).resolve("target").resolve(service + "-" + VERSION + "-boot.jar");
    if (!Files.exists(jar)) {
      throw new UserError(jar + " is missing: run `mvn -DskipTests package` first.");
    }
    return jar;
  }
}
