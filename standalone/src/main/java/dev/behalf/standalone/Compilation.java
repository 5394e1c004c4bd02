package dev.behalf.standalone;

import java.util.List;
import java.util.Map;

/**
 * How far the JVMs of the services compile their code. The optimising compiler saves a quarter of a
 * job's processor time or more, but only after tens of thousands of jobs: until then it takes more
 * than it saves, and on a small machine the work waits for it (decision 0011).
 */
public enum Compilation {
  /** With the quick compiler (C1) alone. */
  QUICK,
  /** With the quick one first, and what is called often once more with the optimising one (C2). */
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

  /** Returns the options for java. */
  List<String> options() {
    return switch (this) {
      case QUICK -> List.of("-XX:TieredStopAtLevel=1");
      // What JAVA_TOOL_OPTIONS says stays in force.
      case FULL -> List.of();
    };
  }
}
