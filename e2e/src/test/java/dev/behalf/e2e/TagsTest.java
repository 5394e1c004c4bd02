package dev.behalf.e2e;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.behalf.standalone.Jars;
import dev.behalf.testkit.BehalfSystem;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;

/** A tag keeps a test out of {@code mvn test}, which packages no jar and starts no service. */
class TagsTest {

  private static final Set<String> SLOW = Set.of("server", "scenarios", "faults");

  @Test
  void a_test_that_starts_the_system_or_reads_its_jars_has_a_tag() {
    noClasses()
        .that(describe("are tests without a tag", TagsTest::isUntagged))
        .should()
        .transitivelyDependOnClassesThat(belongToAnyOf(BehalfSystem.class, Jars.class))
        .check(new ClassFileImporter().importPackages("dev.behalf.e2e"));
  }

  private static boolean isUntagged(JavaClass type) {
    return type.getAllMethods().stream()
            .anyMatch(method -> method.isMetaAnnotatedWith(Testable.class))
        && !type.isEquivalentTo(TagsTest.class)
        && Stream.concat(Stream.of(type), type.getAllRawSuperclasses().stream())
            .flatMap(one -> one.tryGetAnnotationOfType(Tag.class).stream())
            .noneMatch(tag -> SLOW.contains(tag.value()));
  }
}
