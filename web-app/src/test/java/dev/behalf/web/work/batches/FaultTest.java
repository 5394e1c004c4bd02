package dev.behalf.web.work.batches;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.operation.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A fault says the same to a program, in English, as to a person in any language. */
class FaultTest {

  private static final Path BUNDLES = Path.of("src", "main", "resources", "messages");

  @ParameterizedTest
  @EnumSource
  void the_api_and_an_english_page_say_the_same(Misread why) throws IOException {
    var fault = Fault.of(why, values(why));

    assertThat(text("batches.properties", fault)).isEqualTo(fault.sentence());
  }

  @ParameterizedTest
  @EnumSource
  void a_chinese_page_names_the_same_values(Misread why) throws IOException {
    var fault = Fault.of(why, values(why));

    assertThat(text("batches_zh_CN.properties", fault))
        .containsPattern("\\p{IsHan}")
        .satisfies(text -> assertThat(fault.words().values()).allMatch(text::contains));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void each_rule_of_a_schema_has_a_text(String rule) throws IOException {
    var fault = Fault.of(new Violation(ProblemCode.PAYLOAD_INVALID, "/text", rule, "100"));

    assertThat(text("operations.properties", fault)).isNotEmpty();
    assertThat(text("operations_zh_CN.properties", fault)).containsPattern("\\p{IsHan}");
  }

  @Test
  void a_broken_rule_names_its_property_and_its_bound() {
    var inside = new Violation(ProblemCode.PAYLOAD_INVALID, "/labels/0", "maxLength", "100");
    var whole = new Violation(ProblemCode.PAYLOAD_INVALID, "", "minProperties", "1");

    assertThat(Fault.of(inside).words().at()).isEqualTo("labels/0");
    assertThat(Fault.of(inside).words().arguments()).containsExactly("100");
    assertThat(Fault.of(whole).words().at()).isEmpty();
  }

  @Test
  void words_are_stored_as_they_are() {
    var words = Fault.of(Misread.TWICE, "a \"b\"\u0000").words();

    assertThat(Fault.Words.read(StrictJson.text(words))).isEqualTo(words);
    assertThat(Fault.Words.read(null)).isNull();
    assertThat(Fault.Words.read("{\"form\":2}")).as("of a later version").isNull();
  }

  static Iterable<String> rules() {
    var rules = new TreeSet<>(Violation.KINDS);
    rules.add("contains");
    return rules;
  }

  private static Object[] values(Misread why) {
    var count = why.sentence().split("%s", -1).length - 1;
    return IntStream.rangeClosed(71, 70 + count).boxed().toArray();
  }

  private static String text(String bundle, Fault fault) throws IOException {
    var texts = new Properties();
    try (var file = Files.newBufferedReader(BUNDLES.resolve(bundle))) {
      texts.load(file);
    }
    var text = Objects.requireNonNull(texts.getProperty(fault.words().key()));
    var values = fault.words().arguments();
    return values.length == 0 ? text : new MessageFormat(text).format(values);
  }
}
