package dev.behalf.server;

import dev.behalf.testkit.ModuleRules;

class ModularityTest extends ModuleRules {

  ModularityTest() {
    super("dev.behalf.server", ".*Notifications", ".*KeyTelemetry", ".*OperationCatalogue");
  }
}
