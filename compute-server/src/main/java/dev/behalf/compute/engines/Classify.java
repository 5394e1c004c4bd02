package dev.behalf.compute.engines;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobPayload.Operation;
import dev.behalf.contract.JobResult;
import dev.behalf.contract.JobResult.ClassifyResult;
import dev.behalf.contract.JobResult.Score;
import dev.behalf.contract.Sha256;
import dev.behalf.contract.StrictJson;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * The engine that chooses the label nearest in meaning to the text. The meaning of a label is the
 * mean of the vectors of its name and examples, computed once and cached.
 */
@Component
class Classify implements Engine {

  /** Cached labels, of about 1.6 KB each: a vector under a digest, with no text of any user. */
  private static final int MAX_LABELS_KEPT = 10_000;

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
  public Operation operation() {
    return Operation.CLASSIFY;
  }

  /** Returns the tokens of everything the model reads: the text, the labels and their examples. */
  @Override
  public long units(JobPayload payload) {
    return model.tokens(Objects.requireNonNull(payload.text()))
        + labels(payload).stream()
            .flatMap(label -> label.texts().stream())
            .mapToLong(model::tokens)
            .sum();
  }

  @Override
  public JobResult run(JobPayload payload) {
    var text = model.embed(Objects.requireNonNull(payload.text()));
    var scores =
        labels(payload).stream()
            .map(label -> new Score(label.name(), Vectors.round(Vectors.dot(text, meaning(label)))))
            .sorted(Comparator.comparingDouble(Score::score).reversed())
            .toList();
    return new ClassifyResult(scores.getFirst().label(), scores);
  }

  private static List<Label> labels(JobPayload payload) {
    var examples = Objects.requireNonNullElse(payload.examples(), Map.<String, List<String>>of());
    return Objects.requireNonNull(payload.labels()).stream()
        .map(name -> new Label(name, examples.getOrDefault(name, List.of())))
        .toList();
  }

  private float[] meaning(Label label) {
    return meanings.get(digest(label), key -> Vectors.mean(model.embed(label.texts())));
  }

  private static String digest(Label label) {
    return HexFormat.of().formatHex(Sha256.of(StrictJson.write(label.texts())));
  }
}
