package dev.behalf.compute.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.operation.Definitions;
import dev.behalf.server.operations.Operation;
import dev.behalf.server.problem.Problem;
import java.text.Normalizer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** On the real model. */
class EnginesTest {

  private static final SentenceModel MODEL = new SentenceModel();

  private static final String STORY =
      "The tide comes in twice a day. Fishermen know its hours by heart. My cousin once bought a red bicycle."
          + " When the tide is low, the boats lie in the mud of the harbour.";

  @Test
  void an_operation_that_takes_longer_than_it_may_is_stopped_and_frees_its_processor() {
    var stopped = new AtomicInteger();
    var engines =
        TestTasks.engines(
            List.of(new Endless(stopped), new Keywords(MODEL)),
            MODEL,
            new ComputeSlots(),
            new ComputeRates());
    int processors = Runtime.getRuntime().availableProcessors();

    for (int i = 0; i < processors; i++) {
      assertThatExceptionOfType(Problem.class)
          .isThrownBy(() -> engines.run(ENDLESS, TestTasks.work(ComputeSlots.Origin.WORKER)))
          .satisfies(problem -> assertThat(problem.code()).isEqualTo(ProblemCode.TIME_LIMIT));
    }

    await().untilAsserted(() -> assertThat(stopped).hasValue(processors));
    assertThat(
            engines.run(
                TestTasks.task("keywords", STORY), TestTasks.work(ComputeSlots.Origin.WORKER)))
        .isNotNull();
  }

  @Test
  void direct_calls_take_half_of_the_places_at_most_and_a_call_that_finds_none_is_busy()
      throws Exception {
    var slots = new ComputeSlots(Duration.ofMillis(50));
    var payload = TestTasks.task("embed", "x");
    int half = Math.max(1, slots.count() / 2);
    for (int i = 0; i < half; i++) {
      slots.take(payload, ComputeSlots.Origin.DIRECT);
    }

    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> slots.take(payload, ComputeSlots.Origin.DIRECT))
        .satisfies(problem -> assertThat(problem.code()).isEqualTo(ProblemCode.BUSY));
    for (int i = half; i < slots.count(); i++) {
      slots.take(payload, ComputeSlots.Origin.WORKER);
    }
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> slots.take(payload, ComputeSlots.Origin.WORKER))
        .satisfies(problem -> assertThat(problem.code()).isEqualTo(ProblemCode.BUSY));
  }

  @Test
  void the_wait_for_a_place_is_no_time_of_computing() throws Exception {
    var slots = new ComputeSlots();
    var rates = new ComputeRates();
    var engines = TestTasks.engines(List.of(new Keywords(MODEL)), MODEL, slots, rates);
    var payload = TestTasks.task("keywords", STORY);
    engines.run(payload, TestTasks.work(ComputeSlots.Origin.WORKER));
    var held = new java.util.ArrayList<ComputeSlots.Place>();
    for (int i = 0; i < slots.count(); i++) {
      held.add(slots.take(payload, ComputeSlots.Origin.WORKER));
    }
    java.util.concurrent.CompletableFuture.delayedExecutor(
            1_500, java.util.concurrent.TimeUnit.MILLISECONDS)
        .execute(() -> held.forEach(ComputeSlots.Place::close));

    var computed = engines.run(payload, TestTasks.work(ComputeSlots.Origin.WORKER));

    assertThat(computed.waited()).isGreaterThan(Duration.ofSeconds(1));
    assertThat(computed.took()).isLessThan(computed.waited());
    assertThat(rates.millisPerKib()).containsOnlyKeys("keywords");
  }

  @Test
  void a_text_in_which_the_model_finds_nothing_is_refused_and_not_computed() {
    var engines =
        TestTasks.engines(List.of(new Embed(MODEL)), MODEL, new ComputeSlots(), new ComputeRates());

    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> engines.units(TestTasks.task("embed", "\u200b")))
        .satisfies(problem -> assertThat(problem.code()).isEqualTo(ProblemCode.TEXT_EMPTY));
  }

  @Test
  void an_engine_that_this_server_does_not_have_may_be_on_another() {
    var engines = TestTasks.engines(List.of(), MODEL, new ComputeSlots(), new ComputeRates());

    assertThatExceptionOfType(Problem.class)
        .isThrownBy(
            () ->
                engines.run(
                    TestTasks.task("keywords", STORY), TestTasks.work(ComputeSlots.Origin.WORKER)))
        .satisfies(problem -> assertThat(problem.code()).isEqualTo(ProblemCode.UNAVAILABLE));
  }

  /** An operation with the engine below, which may compute for 50 ms. */
  private static final Task ENDLESS =
      new Task(
          new Operation(
              1, Definitions.read(TestTasks.yaml("embed") + "limits: {run_within: 50ms}\n")),
          true,
          TestTasks.text("x"));

  /** Computes until it is told to stop. */
  private record Endless(AtomicInteger stopped) implements Engine {
    @Override
    public String name() {
      return "embed";
    }

    @Override
    public Object run(ObjectNode input) {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.onSpinWait();
      }
      stopped.incrementAndGet();
      return "";
    }
  }

  @Test
  void classify_chooses_by_meaning_and_not_by_words() {
    var result = new Classify(MODEL).run(classify("Where on earth is my parcel?", null));

    assertThat(result.label()).isEqualTo("delivery delay");
    assertThat(result.scores())
        .extracting(Classify.Score::label)
        .containsExactlyInAnyOrder("delivery delay", "praise", "login problem");
  }

  @Test
  void examples_move_a_label_to_what_they_mean() {
    var text = "The coffee machine is broken again";
    var classify = new Classify(MODEL);
    var without = classify.run(classify(text, null));

    var with =
        classify.run(
            classify(
                text,
                Map.of("praise", List.of("The coffee machine does not work", "No coffee today"))));

    assertThat(without.label()).isNotEqualTo("praise");
    assertThat(with.label()).isEqualTo("praise");
  }

  @Test
  void similar_meanings_are_nearer_than_similar_words() {
    var near = similarity("The cat sleeps on the sofa", "A kitten naps on the couch");
    var far = similarity("The cat sleeps on the sofa", "The car stops on the sofa's invoice");

    assertThat(near).isGreaterThan(far).isLessThanOrEqualTo(1);
  }

  @Test
  void a_summary_keeps_sentences_whole_and_in_order() {
    var result = new Summarize(MODEL).run(TestTasks.text(STORY));

    assertThat(result.sentences())
        .hasSize(2)
        .isSubsetOf(STORY.split("(?<=\\.) "))
        .noneMatch(s -> s.contains("bicycle"));
    assertThat(STORY.indexOf(result.sentences().getFirst()))
        .isLessThan(STORY.indexOf(result.sentences().getLast()));
  }

  @Test
  void keywords_are_words_of_the_text() {
    var result = new Keywords(MODEL).run(TestTasks.text(STORY));

    assertThat(result.keywords())
        .hasSize(5)
        .allSatisfy(k -> assertThat(STORY.toLowerCase(java.util.Locale.ROOT)).contains(k.text()));
  }

  @Test
  void keywords_are_the_same_however_a_keyboard_puts_letters_together() {
    var composed = "Der Rückversand der Möbel ist verspätet";

    assertThat(keywords(Normalizer.normalize(composed, Normalizer.Form.NFD)))
        .isEqualTo(keywords(composed))
        .anyMatch(word -> word.contains("rückversand"));
  }

  @Test
  void a_letter_with_a_mark_is_part_of_its_word() {
    assertThat(String.join(" ", keywords("İSTANBUL İÇİN İZMİR İLE GÜNLER")).split(" "))
        .allMatch(word -> word.matches("i̇stanbul|i̇çi̇n|i̇zmi̇r|i̇le|günler"));
  }

  private static List<String> keywords(String text) {
    var result = new Keywords(MODEL).run(TestTasks.text(text));
    return result.keywords().stream().map(Keywords.Keyword::text).toList();
  }

  @Test
  void an_embedding_has_384_numbers_and_length_1_for_long_texts_too() {
    var result = new Embed(MODEL).run(TestTasks.text(STORY.repeat(50)));

    assertThat(result.embedding()).hasSize(384);
    assertThat(Math.sqrt(Vectors.dot(result.embedding(), result.embedding())))
        .isBetween(0.99, 1.01);
  }

  @Test
  void units_are_tokens_also_of_long_texts_and_a_thousand_characters_for_echo() {
    var engines = TestTasks.engines(List.of(), MODEL, new ComputeSlots(), new ComputeRates());

    assertThat(engines.units(TestTasks.task("embed", "hello ".repeat(2_000))))
        .isBetween(2_000L, 2_010L);
    assertThat(engines.units(TestTasks.task("echo", "x".repeat(1_001)))).isEqualTo(2);
  }

  private static double similarity(String text, String other) {
    return new Similarity(MODEL).run(TestTasks.text(text).put("other", other)).similarity();
  }

  private static ObjectNode classify(String text, @Nullable Map<String, List<String>> examples) {
    var input = TestTasks.text(text);
    input.putArray("labels").add("delivery delay").add("praise").add("login problem");
    if (examples != null) {
      input.set("examples", StrictJson.MAPPER.valueToTree(examples));
    }
    return input;
  }
}
