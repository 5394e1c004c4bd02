package dev.behalf.compute.engines;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.Sha256;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.Problem;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The engine that chooses the label nearest in meaning to the text. The meaning of a label is the
 * mean of the vectors of its name and examples, computed once and cached.
 */
@Component
class Classify implements Engine {

  /** Cached labels, of about 1.6 KB each: a vector under a digest, with no text of any user. */
  private static final int MAX_LABELS_KEPT = 10_000;

  /**
   * The nearest label.
   *
   * @param scores the scores of all labels, nearest first
   */
  record Result(String label, List<Score> scores) {}

  record Score(String label, double score) {}

  private record Label(String name, List<String> examples) {

    List<String> texts() {
      return Stream.concat(Stream.of(name), examples.stream()).toList();
    }
  }

  private final SentenceModel model;
  private final Cache<String, float[]> meanings =
      Caffeine.newBuilder().maximumSize(MAX_LABELS_KEPT).build();

  Classify(SentenceModel model) {
    this.model = model;
  }

  @Override
  public String name() {
    return "classify";
  }

  /**
   * Chooses the label.
   *
   * @throws Problem {@code payload_invalid} if there are examples of a label that is not given,
   *     which no schema can say
   */
  @Override
  public Result run(ObjectNode input) {
    var labels = labels(input);
    var text = model.embed(input.required("text").asString());
    var scores =
        labels.stream()
            .map(label -> new Score(label.name(), Vectors.round(Vectors.dot(text, meaning(label)))))
            .sorted(Comparator.comparingDouble(Score::score).reversed())
            .toList();
    return new Result(scores.getFirst().label(), scores);
  }

  private static List<Label> labels(ObjectNode input) {
    var names = input.required("labels").valueStream().map(JsonNode::asString).toList();
    var examples = input.path("examples");
    if (!names.containsAll(examples.propertyNames())) {
      throw new Problem(
          ProblemCode.PAYLOAD_INVALID, "\"examples\" names a label that is not in \"labels\".");
    }
    return names.stream()
        .map(
            name ->
                new Label(name, examples.path(name).valueStream().map(JsonNode::asString).toList()))
        .toList();
  }

  private float[] meaning(Label label) {
    return meanings.get(digest(label), key -> Vectors.mean(model.embed(label.texts())));
  }

  private static String digest(Label label) {
    return HexFormat.of().formatHex(Sha256.of(StrictJson.write(label.texts())));
  }
}
