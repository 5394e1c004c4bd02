package dev.behalf.compute.engines;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobPayload.Operation;
import dev.behalf.contract.JobResult;
import dev.behalf.contract.JobResult.SummarizeResult;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.springframework.stereotype.Component;

/**
 * The engine that picks the sentences most representative of the text, in the order of the text.
 */
@Component
class Summarize implements Engine {

  private static final int DEFAULT_LIMIT = 2;

  private final SentenceModel model;

  Summarize(SentenceModel model) {
    this.model = model;
  }

  @Override
  public Operation operation() {
    return Operation.SUMMARIZE;
  }

  @Override
  public long units(JobPayload payload) {
    return model.tokens(Objects.requireNonNull(payload.text()));
  }

  @Override
  public JobResult run(JobPayload payload) {
    var sentences = sentences(Objects.requireNonNull(payload.text()));
    var vectors = model.embed(sentences);
    var picked =
        MaximalMarginalRelevance.pick(
            Vectors.mean(vectors),
            vectors,
            Objects.requireNonNullElse(payload.limit(), DEFAULT_LIMIT));
    var summary = picked.stream().sorted().map(sentences::get).toList();
    return new SummarizeResult(String.join(" ", summary), summary);
  }

  private static List<String> sentences(String text) {
    var sentences = new ArrayList<String>();
    var boundary = BreakIterator.getSentenceInstance(Locale.ROOT);
    boundary.setText(text);
    for (int start = boundary.first(), end = boundary.next();
        end != BreakIterator.DONE;
        start = end, end = boundary.next()) {
      var sentence = text.substring(start, end).strip();
      if (!sentence.isEmpty()) {
        sentences.add(sentence);
      }
    }
    return sentences;
  }
}
