package dev.behalf.testkit.faults;

/**
 * A place in a service's code where its process can be made to end, as a power cut there would.
 *
 * @param name in words, for reports and as the name of a file
 * @param className in full
 * @param atEnd after the method instead of before it
 */
public record FailPoint(
    String name, String service, String className, String method, boolean atEnd) {

  /** The file whose presence arms it; who deletes it has to end. */
  String file() {
    return name.replace(' ', '-');
  }

  /** As the agent reads it. */
  String argument() {
    return String.join("#", file(), className, method, atEnd ? "end" : "start");
  }
}
