package dev.behalf.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class DependenciesTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.behalf.spring");

  @Test
  void engines_need_nothing_of_the_client_and_the_client_nothing_of_engines() {
    noClasses()
        .that()
        .resideInAPackage("dev.behalf.spring.engine")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.behalf.spring.client", "dev.behalf.client")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.behalf.spring.client")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.behalf.spring.engine")
        .check(CLASSES);
  }
}
