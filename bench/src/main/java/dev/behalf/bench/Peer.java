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

  private final TestBed stand;
  private final int jobs;

  Peer(TestBed stand, int jobs) {
    this.stand = stand;
    this.jobs = jobs;
  }

  void measure(Figures figures, int repeats) throws Exception {
    try (var peer =
        PeerSystem.start(stand.system.ownDatabase(), stand.system.broker(), stand.users.size())) {
      new Drain(peer, jobs).measure(figures, "peer.drain", repeats);
      new Through(peer, jobs / 4).measure(figures, "peer.through");
      peer.announceOutcomes();
      new Idle(peer).measure(figures, "peer.idle");
      peer.cpu().putMemory(figures, "peer.memory_mib");
    }
    putRatios(figures);
  }

  static void putRatios(Figures figures) {
    COMPARED.forEach(
        (ratio, figure) -> {
          if (figures.has(figure)) {
            figures.put("peer.ratio." + ratio, figures.get(figure) / figures.get("peer." + figure));
          }
        });
  }
}
