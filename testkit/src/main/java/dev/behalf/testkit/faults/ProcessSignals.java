package dev.behalf.testkit.faults;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Sends signals to processes that a test has started, by process id. */
public final class ProcessSignals {

  private ProcessSignals() {}

  /** Suspends a process, which does not notice. */
  public static void stop(long pid) throws IOException, InterruptedException {
    send("-STOP", pid);
  }

  public static void goOn(long pid) throws IOException, InterruptedException {
    send("-CONT", pid);
  }

  /** Kills a process and all its descendants at once, as a power cut would. */
  public static void killTree(ProcessHandle process) {
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
