package dev.behalf.bench;

import java.util.Map;
import java.util.TreeMap;

/**
 * Measures the peer by the same code as Behalf, and compares the two where Behalf was measured in
 * the same run. Behalf's services stand idle meanwhile.
 */
final class Peer {

  /** The figures that are compared, by the names of the ratios: Behalf's divided by the peer's. */
  private static final Map<String, String> COMPARED =
      new TreeMap<>(
          Map.of(
              "drain_jobs_per_second", "drain.jobs_per_second",
              "drain_cpu", "drain.cpu_seconds_per_1000_jobs.total",
              "through_finished_per_second", "through.finished_per_second",
              "through_cpu", "through.cpu_seconds_per_1000_jobs.total",
              "idle_p50", "idle.submit_to_stored_outcome_p50_ms"));

  private final String name;
  private final TestBed stand;
  private final int jobs;

  /**
   * Prepares to measure a peer.
   *
   * @param name what the names of its figures begin with
   * @param jobs jobs of a drain
   */
  Peer(String name, TestBed stand, int jobs) {
    this.name = name;
    this.stand = stand;
    this.jobs = jobs;
  }

  void measure(PeerPrograms kind, Figures figures, int repeats) throws Exception {
    try (var peer =
        PeerSystem.start(
            kind, stand.system.ownDatabase(), stand.system.broker(), stand.users.size())) {
      new Drain(peer, jobs).measure(figures, name + ".drain", repeats);
      new Through(peer, jobs / 4).measure(figures, name + ".through");
      peer.announceOutcomes();
      new Idle(peer).measure(figures, name + ".idle");
      peer.cpu().putMemory(figures, name + ".memory_mib");
    }
    putRatios(figures, name);
  }

  static void putRatios(Figures figures, String name) {
    COMPARED.forEach(
        (ratio, figure) -> {
          if (figures.has(figure)) {
            figures.put(
                name + ".ratio." + ratio, figures.get(figure) / figures.get(name + "." + figure));
          }
        });
  }
}
