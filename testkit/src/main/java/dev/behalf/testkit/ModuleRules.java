package dev.behalf.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The architecture rules of every module. A module's own test extends this class and adds rules.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ModuleRules {

  protected final String root;
  protected final JavaClasses classes;
  private final String[] loggers;

  /**
   * Imports the main classes of a module.
   *
   * @param root root package of the module
   * @param loggers patterns of the classes that may log outside {@code telemetry}
   */
  protected ModuleRules(String root, String... loggers) {
    this.root = root;
    this.loggers = loggers;
    this.classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(root);
  }

  @Test
  void features_form_no_cycles() {
    noCycles(root).check(classes);
  }

  /** Returns the rule that features form no cycles, so that each can be read or removed alone. */
  protected static ArchRule noCycles(String rootPackage) {
    return slices().matching(rootPackage + ".(*)..").should().beFreeOfCycles();
  }

  /**
   * Returns the rule for a module's areas, which are packages of feature packages.
   *
   * @param known for each area, by name, the other areas that it may use
   */
  protected static ArchRule wings(String rootPackage, Map<String, Set<String>> known) {
    var layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (var wing : known.keySet()) {
      layers = layers.layer(wing).definedBy(rootPackage + "." + wing + "..");
    }
    for (var wing : known.entrySet()) {
      layers =
          wing.getValue().isEmpty()
              ? layers.whereLayer(wing.getKey()).mayNotAccessAnyLayer()
              : layers
                  .whereLayer(wing.getKey())
                  .mayOnlyAccessLayers(wing.getValue().toArray(String[]::new));
    }
    return layers;
  }

  @Test
  void time_is_injected() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .because("time is an InstantSource that is handed in, so that a test can set it")
        .check(classes);
  }

  @Test
  void packages_are_features() {
    noClasses()
        .should()
        .resideInAnyPackage(
            "..util..",
            "..impl..",
            "..manager..",
            "..helper..",
            "..dto..",
            "..service..",
            "..config..")
        .because("a package says what it is about")
        .check(classes);
  }

  @Test
  void one_place_writes_log_lines() {
    noClasses()
        .that(not(resideInAPackage("..telemetry..")))
        .and(not(nameMatching(String.join("|", loggers))))
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.slf4j.Logger")
        .because("events are turned into log lines in one place")
        .check(classes);
  }

  @Test
  void fields_are_not_injected() {
    noFields()
        .should()
        .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
        .check(classes);
  }
}
