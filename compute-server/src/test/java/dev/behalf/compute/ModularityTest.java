package dev.behalf.compute;

import dev.behalf.testkit.ModuleRules;

class ModularityTest extends ModuleRules {

  ModularityTest() {
    super("dev.behalf.compute", ".*ProblemAdvice");
  }
}
