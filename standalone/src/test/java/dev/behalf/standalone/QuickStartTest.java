package dev.behalf.standalone;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a jar whose tools do nothing in place of a boot jar. */
class QuickStartTest {

  private static final String HOME = "behalf.home";

  /** The tools of the jar: they end well. */
  static final class Tools {
    public static void main(String[] arguments) {}
  }

  @TempDir Path home;
  private @Nullable String before;
  private Path jar;
  private Path folder;

  @BeforeEach
  void build() throws IOException {
    before = System.getProperty(HOME);
    System.setProperty(HOME, home.toString());
    jar = home.resolve("worker/target/worker-0.1.0-boot.jar");
    folder = Files.createDirectories(jar.getParent()).resolve("quick-start");
    writeJar(Tools.class.getName());
  }

  @AfterEach
  void restore() {
    if (before == null) {
      System.clearProperty(HOME);
    } else {
      System.setProperty(HOME, before);
    }
  }

  @Test
  void a_service_that_was_not_built_is_told_how_to_build_it() throws Exception {
    Files.delete(jar);

    assertThatExceptionOfType(UserError.class)
        .isThrownBy(() -> new QuickStart("worker"))
        .withMessage("%s is missing: run `mvn -DskipTests package` first.", jar);
  }

  @Test
  void without_preparation_the_boot_jar_is_run() {
    var start = new QuickStart("worker");

    assertThat(start.isPrepared()).isFalse();
    assertThat(start.hasToLearn()).as("nothing to learn for a boot jar").isFalse();
    assertThat(start.arguments()).containsExactly("-jar", jar.toString());
    assertThat(start.learningArguments()).containsExactly("-jar", jar.toString());
  }

  @Test
  void a_prepared_service_is_run_unpacked() throws Exception {
    var start = prepared();

    assertThat(start.isPrepared()).isTrue();
    assertThat(start.arguments()).containsExactly("-jar", unpacked());
  }

  @Test
  void another_jar_is_prepared_anew() throws Exception {
    var start = prepared();
    Files.writeString(cache(), "of the old jar");

    Files.setLastModifiedTime(jar, FileTime.fromMillis(0));

    assertThat(start.isPrepared()).isFalse();
    assertThat(start.arguments()).containsExactly("-jar", jar.toString());
    start.prepare();
    assertThat(cache()).doesNotExist();
    assertThat(start.isPrepared()).isTrue();
  }

  @Test
  void a_jar_that_cannot_be_unpacked_is_told_with_the_log_and_run_as_it_is() throws Exception {
    writeJar("no.such.Tools");
    var start = new QuickStart("worker");

    assertThatIOException()
        .isThrownBy(start::prepare)
        .withMessage("Unpacking worker failed with 1: see %s.", folder.resolve("prepare.log"));
    assertThat(folder.resolve("prepare.log")).content().contains("no.such.Tools");
    assertThat(start.arguments()).containsExactly("-jar", jar.toString());
  }

  @Test
  void the_first_run_records_a_cache_and_the_next_uses_it() throws Exception {
    assumeCaches();
    var start = prepared();
    assertThat(start.hasToLearn()).isTrue();
    var recorded = recordTo(start.learningArguments());

    start.keepLearned();

    assertThat(recorded).doesNotExist();
    assertThat(start.hasToLearn()).isFalse();
    assertThat(start.learningArguments())
        .isEqualTo(start.arguments())
        .startsWith("-XX:AOTCache=" + cache())
        .endsWith("-jar", unpacked());
  }

  @Test
  void a_cache_that_another_run_has_kept_stays() throws Exception {
    assumeCaches();
    var start = prepared();
    var recorded = recordTo(start.learningArguments());
    var cache = Files.writeString(cache(), "in use");

    start.keepLearned();

    assertThat(cache).hasContent("in use");
    assertThat(recorded).as("not needed").doesNotExist();
  }

  @Test
  void each_compilation_has_a_cache_of_its_own() throws Exception {
    assumeCaches();
    var quick = prepared();
    Files.writeString(cache(), "of the quick one");
    var full = new QuickStart("worker", Compilation.FULL);

    assertThat(quick.hasToLearn()).isFalse();
    assertThat(full.isPrepared()).isTrue();
    assertThat(full.hasToLearn()).isTrue();
    assertThat(full.arguments()).containsExactly("-jar", unpacked());
  }

  @Test
  void a_run_that_recorded_nothing_leaves_the_next_one_to_learn() throws Exception {
    assumeCaches();
    var start = prepared();

    start.keepLearned();

    assertThat(start.hasToLearn()).isTrue();
    assertThat(start.arguments()).containsExactly("-jar", unpacked());
  }

  private static void assumeCaches() {
    assumeTrue(Runtime.version().feature() >= 25, "this JDK has no AOT cache of methods");
  }

  private Path cache() {
    return folder.resolve("app-quick.aot");
  }

  private QuickStart prepared() throws Exception {
    var start = new QuickStart("worker", Compilation.QUICK);
    start.prepare();
    return start;
  }

  private String unpacked() {
    return folder.resolve(jar.getFileName()).toString();
  }

  /** Writes the file that java would write as its process ends. */
  private static Path recordTo(List<String> arguments) throws IOException {
    var option = "-XX:AOTCacheOutput=";
    assertThat(arguments.getFirst()).startsWith(option);
    return Files.writeString(Path.of(arguments.getFirst().substring(option.length())), "cache");
  }

  private void writeJar(String main) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main);
    var tools = Tools.class.getName().replace('.', '/') + ".class";
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        var code = requireNonNull(Tools.class.getResourceAsStream("/" + tools))) {
      out.putNextEntry(new ZipEntry(tools));
      code.transferTo(out);
    }
  }
}
