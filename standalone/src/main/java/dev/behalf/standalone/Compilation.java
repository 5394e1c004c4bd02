package dev.behalf.standalone;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which of HotSpot's compilers the services' JVMs use. The optimising one saves processor time in
 * the long run. Until then it takes more than it saves, and on a small machine the work waits for
 * it (decision 0039).
 */
public enum Compilation {
  /** The quick compiler (C1) alone. */
  QUICK,
  /** The quick one, and the optimising one (C2) for hot methods. */
  FULL;

  /** Environment variable for the choice. */
  static final String VARIABLE = "BEHALF_COMPILATION";

  /** Number of processors up to which compiling and the work are in each other's way. */
  private static final int SMALL = 2;

  /**
   * Returns the choice for this machine.
   *
   * @throws UserError if the environment names something else
   */
  public static Compilation chosen() {
    return chosen(System.getenv(), Runtime.getRuntime().availableProcessors());
  }

  static Compilation chosen(Map<String, String> environment, int processors) {
    return switch (environment.getOrDefault(VARIABLE, "")) {
      case "" -> processors <= SMALL ? QUICK : FULL;
      case "quick" -> QUICK;
      case "full" -> FULL;
      default -> throw new UserError("Invalid " + VARIABLE + ": use quick or full.");
    };
  }

  /** Returns the word for it, in the environment and in names of files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the options for java. */
  public List<String> options() {
    return switch (this) {
      case QUICK -> List.of("-XX:TieredStopAtLevel=1");
      // Adds nothing, so that JAVA_TOOL_OPTIONS can still limit it.
      case FULL -> List.of();
    };
  }
}
