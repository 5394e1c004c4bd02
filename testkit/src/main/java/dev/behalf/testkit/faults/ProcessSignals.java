package dev.behalf.testkit.faults;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Signals to processes that a test has started itself, by their ids. */
public final class ProcessSignals {

  private ProcessSignals() {}

  /** It stands still and does not know it. */
  public static void stop(long pid) throws IOException, InterruptedException {
    send("-STOP", pid);
  }

  public static void goOn(long pid) throws IOException, InterruptedException {
    send("-CONT", pid);
  }

  /** Ends a process and all that it has started at once, as a power cut would. */
  static void killTree(ProcessHandle process) {
    var all = Stream.concat(process.descendants(), Stream.of(process)).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(one -> one.onExit().orTimeout(30, TimeUnit.SECONDS).join());
  }

  private static void send(String signal, long pid) throws IOException, InterruptedException {
    if (new ProcessBuilder("kill", signal, String.valueOf(pid)).start().waitFor() != 0) {
      throw new IOException("kill " + signal + " " + pid + " did not work.");
    }
  }
}
