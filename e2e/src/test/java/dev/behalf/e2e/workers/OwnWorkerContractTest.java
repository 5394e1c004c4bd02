package dev.behalf.e2e.workers;

import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A worker that is not part of this project: the command is in {@code behalf.worker}. */
@EnabledIfSystemProperty(named = "behalf.worker", matches = ".+")
class OwnWorkerContractTest extends WorkerContract {

  @Override
  List<String> command() {
    return List.of(System.getProperty("behalf.worker", "").trim().split(" +", -1));
  }
}
