package dev.behalf.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;

/**
 * Reads the CPU time (user and system, in seconds) and the memory of processes from /proc; Linux
 * only.
 */
final class CpuClock {

  /** Clock ticks of the kernel in /proc, the same on every Linux that Java runs on. */
  private static final double TICKS_PER_SECOND = 100;

  private final Map<String, LongSupplier> processes = new LinkedHashMap<>();

  /** Adds a process. Its id is asked for at each reading, because the process may be restarted. */
  void add(String name, LongSupplier pid) {
    processes.put(name, pid);
  }

  /** Adds the broker and the database server of this machine. */
  void addServers(Connection connection) throws SQLException {
    long broker = brokerPid();
    add("broker", () -> broker);
    long server = databasePid(connection);
    add("database", () -> server);
  }

  private static long brokerPid() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().command().orElse("").endsWith("beam.smp"))
        .findFirst()
        .map(ProcessHandle::pid)
        .orElse(-1L);
  }

  /**
   * Returns the id of the server's first process, which is the parent of every backend with an open
   * connection.
   */
  private static long databasePid(Connection connection) throws SQLException {
    return ProcessHandle.of(connection.unwrap(PGConnection.class).getBackendPID())
        .flatMap(ProcessHandle::parent)
        .map(ProcessHandle::pid)
        .orElse(-1L);
  }

  /**
   * Returns the CPU seconds of each process since its start, including its present and past
   * children.
   */
  Map<String, Double> read() {
    var seconds = new LinkedHashMap<String, Double>();
    processes.forEach((name, pid) -> seconds.put(name, tree(pid.getAsLong()) / TICKS_PER_SECOND));
    return seconds;
  }

  /** Adds the CPU time of a step, by process and in total. */
  void put(Figures figures, String name, Map<String, Double> before, double per) {
    double total = 0;
    for (var after : read().entrySet()) {
      var seconds = (after.getValue() - before.getOrDefault(after.getKey(), 0.0)) / per;
      figures.put(name + "." + after.getKey().replace('-', '_'), seconds);
      total += seconds;
    }
    figures.put(name + ".total", total);
  }

  /**
   * Adds the memory that all processes hold now, in MiB, with their present children: what each has
   * resident, its own part of that, and its proportional share (PSS), which counts a page that
   * several processes have in equal parts. Only PSS can be added up; there is no total if another
   * user's process cannot be read.
   */
  void putMemory(Figures figures, String name) {
    double total = 0;
    boolean isWhole = true;
    for (var process : processes.entrySet()) {
      var memory = Memory.ofTree(process.getValue().getAsLong());
      var figure = name + "." + process.getKey().replace('-', '_');
      figures.put(figure + ".all", memory.all() / 1024.0);
      figures.put(figure + ".own", memory.own() / 1024.0);
      figures.put(figure + ".pss", memory.pss() / 1024.0);
      total += memory.pss() / 1024.0;
      isWhole &= memory.pss() > 0;
    }
    if (isWhole) {
      figures.put(name + ".total_pss", total);
    }
  }

  /** Returns the memory that a process has resident, without its children, in KiB. */
  long resident(String name) {
    return Memory.of(Objects.requireNonNull(processes.get(name), name).getAsLong()).all();
  }

  /** Memory in KiB: all of it, that which is no file, and the proportional share. */
  private record Memory(long all, long own, long pss) {

    static Memory ofTree(long root) {
      var memory = of(root);
      for (var child : childrenOf(root)) {
        memory = memory.and(ofTree(child));
      }
      return memory;
    }

    static Memory of(long pid) {
      try {
        var sizes = new HashMap<String, Long>();
        for (var line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "smaps_rollup"))) {
          if (line.endsWith(" kB")) {
            sizes.put(line.substring(0, line.indexOf(':')), kibibytes(line));
          }
        }
        return new Memory(
            sizes.getOrDefault("Rss", 0L),
            sizes.getOrDefault("Anonymous", 0L),
            sizes.getOrDefault("Pss", 0L));
      } catch (IOException endedOrOfAnotherUser) {
        return new Memory(0, 0, 0);
      }
    }

    private Memory and(Memory other) {
      return new Memory(all + other.all, own + other.own, pss + other.pss);
    }
  }

  private static long kibibytes(String line) {
    return Long.parseLong(line.replaceAll("\\D+", ""));
  }

  /** Returns the CPU seconds of all processes together. */
  double total() {
    return read().values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private static long tree(long root) {
    long ticks = own(root);
    for (var child : childrenOf(root)) {
      ticks += tree(child);
    }
    return ticks;
  }

  private static List<Long> childrenOf(long parent) {
    var children = new ArrayList<Long>();
    ProcessHandle.of(parent)
        .ifPresent(process -> process.children().forEach(child -> children.add(child.pid())));
    return children;
  }

  private static long own(long pid) {
    try {
      var stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
      // The name of the program, in brackets, may hold spaces.
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      // User and system time of the process and of its children that have ended.
      return IntStream.rangeClosed(11, 14).mapToLong(i -> Long.parseLong(fields[i])).sum();
    } catch (IOException endedOrNoLinux) {
      return 0;
    }
  }
}
