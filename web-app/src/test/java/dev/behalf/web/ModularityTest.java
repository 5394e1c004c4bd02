package dev.behalf.web;

import static dev.behalf.testkit.ModuleRules.classesOf;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.behalf.testkit.ModuleRules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModularityTest {

  private static final String ROOT = "dev.behalf.web";
  private static final JavaClasses CLASSES = classesOf(ROOT);

  @Test
  void features_form_no_cycles() {
    ModuleRules.noCycles(ROOT).check(CLASSES);
  }

  /** A wing knows only those to its left. */
  @Test
  void wings_have_one_direction() {
    ModuleRules.wings(
            ROOT,
            Map.of(
                "site", Set.of(),
                "identity", Set.of("site"),
                "work", Set.of("site", "identity"),
                "billing", Set.of("site", "identity", "work"),
                "webhooks", Set.of("site", "identity", "work"),
                "operators", Set.of("site", "identity", "work", "billing", "webhooks")))
        .check(CLASSES);
  }

  @Test
  void rooms_of_a_wing_form_no_cycles() {
    for (var wing : List.of("site", "identity", "work", "billing", "operators")) {
      ModuleRules.noCycles(ROOT + "." + wing).check(CLASSES);
    }
  }

  @Test
  void packages_are_features() {
    ModuleRules.packagesAreFeatures().check(CLASSES);
  }

  @Test
  void time_is_handed_in() {
    ModuleRules.timeIsInjected().check(CLASSES);
  }

  @Test
  void fields_are_not_injected() {
    ModuleRules.noFieldInjection().check(CLASSES);
  }

  @Test
  void one_place_writes_log_lines() {
    ModuleRules.onlyTelemetryLogs(".*ErrorAnswers", ".*Signals").check(CLASSES);
  }
}
