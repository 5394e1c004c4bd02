package dev.behalf.worker;

import static dev.behalf.testkit.ModuleRules.classesOf;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.behalf.testkit.ModuleRules;
import org.junit.jupiter.api.Test;

class ModularityTest {

  private static final String ROOT = "dev.behalf.worker";
  private static final JavaClasses CLASSES = classesOf(ROOT);

  @Test
  void features_form_no_cycles() {
    ModuleRules.noCycles(ROOT).check(CLASSES);
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
    ModuleRules.onlyTelemetryLogs("none").check(CLASSES);
  }

  /**
   * Read off the packaged module's own dependencies: this test's class path has the test kit on it.
   */
  @Test
  void nothing_in_the_worker_knows_jdbc() {
    ArchRuleDefinition.noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..", "javax.sql..", "org.postgresql..", "org.springframework.jdbc..")
        .check(CLASSES);
  }
}
