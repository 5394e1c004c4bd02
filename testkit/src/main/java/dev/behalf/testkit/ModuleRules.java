package dev.behalf.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
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

/** What every module keeps to; each module's own test adds what is special about it. */
public final class ModuleRules {

  private ModuleRules() {}

  /** The main classes of a module, without tests. */
  public static JavaClasses classesOf(String rootPackage) {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages(rootPackage);
  }

  /** Features form no cycles: each can be read, and taken out, alone. */
  public static ArchRule noCycles(String rootPackage) {
    return slices().matching(rootPackage + ".(*)..").should().beFreeOfCycles();
  }

  /**
   * Wings of a module, each a package with rooms in it.
   *
   * @param known which others each of them may know, by name
   */
  public static ArchRule wings(String rootPackage, Map<String, Set<String>> known) {
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

  /** Time comes from outside, so that a test can set it. */
  public static ArchRule timeIsInjected() {
    return noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .because("time is an InstantSource that is handed in");
  }

  /** Packages are features. */
  public static ArchRule packagesAreFeatures() {
    return noClasses()
        .should()
        .resideInAnyPackage(
            "..util..",
            "..impl..",
            "..manager..",
            "..helper..",
            "..dto..",
            "..service..",
            "..config..")
        .because("a package says what it is about");
  }

  /** Only the one place that turns events into lines may log, apart from what is named. */
  public static ArchRule onlyTelemetryLogs(String... exceptions) {
    return noClasses()
        .that(not(resideInAPackage("..telemetry..")))
        .and(not(nameMatching(String.join("|", exceptions))))
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.slf4j.Logger")
        .because("events are turned into log lines in one place");
  }

  /** Fields are never injected. */
  public static ArchRule noFieldInjection() {
    return com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields()
        .should()
        .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired");
  }
}
