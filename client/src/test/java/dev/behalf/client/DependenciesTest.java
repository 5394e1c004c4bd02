package dev.behalf.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What whoever uses the client gets with it. */
class DependenciesTest {

  @Test
  void the_client_needs_the_jdk_and_jackson_and_nothing_else() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.behalf.client",
            "java..",
            "javax.crypto..",
            "javax.net.ssl",
            "tools.jackson..",
            "org.jspecify..")
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.behalf.client"));
  }
}
