package dev.behalf.e2e.workers;

import dev.behalf.standalone.Jars;
import dev.behalf.standalone.Ports;
import dev.behalf.standalone.Service;
import dev.behalf.testkit.BehalfSystem;
import java.util.List;
import java.util.Map;

/** The worker of this project. */
class JavaWorkerContractTest extends WorkerContract {

  @Override
  List<String> command() {
    return Service.command(List.of("-jar", Jars.of("worker").toString()));
  }

  @Override
  Map<String, String> more() {
    return Map.of(
        "SERVER_PORT",
        String.valueOf(Ports.free()),
        "SERVER_ADDRESS",
        "127.0.0.1",
        "JAVA_TOOL_OPTIONS",
        BehalfSystem.QUICK_START);
  }
}
