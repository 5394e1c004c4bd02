package dev.behalf.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import dev.behalf.testkit.ModuleRules;
import org.junit.jupiter.api.Test;

class ModularityTest extends ModuleRules {

  ModularityTest() {
    super("dev.behalf.worker", "none");
  }

  @Test
  void nothing_in_the_worker_knows_jdbc() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..", "javax.sql..", "org.postgresql..", "org.springframework.jdbc..")
        .check(classes);
  }
}
