package dev.behalf.web;

import dev.behalf.testkit.ModuleRules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModularityTest extends ModuleRules {

  ModularityTest() {
    super("dev.behalf.web", ".*ErrorResponses");
  }

  /** A wing knows only those to its left. */
  @Test
  void wings_have_one_direction() {
    wings(
            root,
            Map.of(
                "site", Set.of(),
                "identity", Set.of("site"),
                "work", Set.of("site", "identity"),
                "billing", Set.of("site", "identity", "work"),
                "webhooks", Set.of("site", "identity", "work"),
                "operators", Set.of("site", "identity", "work", "billing", "webhooks")))
        .check(classes);
  }

  @Test
  void packages_of_a_wing_form_no_cycles() {
    for (var wing : List.of("site", "identity", "work", "billing", "operators")) {
      noCycles(root + "." + wing).check(classes);
    }
  }
}
