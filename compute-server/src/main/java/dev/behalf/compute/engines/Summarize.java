package dev.behalf.compute.engines;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * The engine that picks the sentences most representative of the text, in the order of the text.
 */
@Component
class Summarize implements Engine {

  private static final int DEFAULT_LIMIT = 2;

  /**
   * A summary.
   *
   * @param summary the sentences, joined into one text
   * @param sentences the chosen sentences of the input, in their original order
   */
  record Result(String summary, List<String> sentences) {}

  private final SentenceModel model;

  Summarize(SentenceModel model) {
    this.model = model;
  }

  @Override
  public String name() {
    return "summarize";
  }

  @Override
  public Result run(ObjectNode input) {
    var sentences = sentences(input.required("text").asString());
    var vectors = model.embed(sentences);
    var picked =
        MaximalMarginalRelevance.pick(
            Vectors.mean(vectors), vectors, input.path("limit").asInt(DEFAULT_LIMIT));
    var summary = picked.stream().sorted().map(sentences::get).toList();
    return new Result(String.join(" ", summary), summary);
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
