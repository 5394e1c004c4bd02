package dev.behalf.testkit.faults;

/**
 * A fail point: a point in a service's code at which a test can kill the process, as a power cut
 * would.
 *
 * @param name name in words, for reports and as a file name
 * @param className fully qualified name of the class
 * @param atEnd whether the point is after the method instead of before it
 */
public record FailPoint(
    String name, String service, String className, String method, boolean atEnd) {

  /**
   * Returns the name of the file that arms the point. The thread that deletes the file kills its
   * process.
   */
  String file() {
    return name.replace(' ', '-');
  }

  /** Returns the point in the form that the agent reads. */
  String argument() {
    return String.join("#", file(), className, method, atEnd ? "end" : "start");
  }
}
