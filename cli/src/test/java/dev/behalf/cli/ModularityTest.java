package dev.behalf.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What keeps the commands quick to start and to test. */
class ModularityTest {

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.behalf.cli");

  @Test
  void packages_form_no_cycles() {
    slices().matching("dev.behalf.cli.(*)..").should().beFreeOfCycles().check(classes);
  }

  @Test
  void nothing_below_knows_the_commands() {
    noClasses()
        .that()
        .resideInAPackage("dev.behalf.cli.profile")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.behalf.cli", "dev.behalf.cli.terminal", "picocli..")
        .check(classes);
    noClasses()
        .that()
        .resideInAPackage("dev.behalf.cli.terminal")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.behalf.cli", "dev.behalf.cli.profile", "picocli..")
        .check(classes);
  }

  @Test
  void time_is_injected_and_nothing_else_is_dragged_in() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "java.sql..", "org.slf4j..")
        .check(classes);
  }
}
