package dev.behalf.compute.engines;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * The engine that picks the words and pairs of words nearest in meaning to the whole text and
 * different from each other.
 */
@Component
class Keywords implements Engine {

  private static final int DEFAULT_LIMIT = 5;

  /**
   * The keywords of a text.
   *
   * @param keywords words and pairs of words, best first
   */
  record Result(List<Keyword> keywords) {}

  record Keyword(String text, double score) {}

  /** Maximum candidates, the most frequent ones. Each costs a run of the model. */
  private static final int MAX_CANDIDATES = 80;

  private static final Pattern WORD =
      Pattern.compile(
          "[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}]*+(?:['’-][\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}]*+)*+");
  private static final Set<String> STOP_WORDS =
      Set.of(
          ("a about after again all also am an and any are as at be because been before being but by can could did do does"
                  + " doing down each even every few for from get go got had has have having he her here hers him his how i"
                  + " if in into is it its just like many may me might more most much must my no nor not now of off on once"
                  + " one only or other our out over own same she should so some still such than that the their them then"
                  + " there these they this those through to too two under until up upon us very was we were what when"
                  + " where which while who whom why will with without would you your")
              .split(" "));

  private final SentenceModel model;

  Keywords(SentenceModel model) {
    this.model = model;
  }

  @Override
  public String name() {
    return "keywords";
  }

  @Override
  public Result run(ObjectNode input) {
    var text = input.required("text").asString();
    var candidates = candidates(text);
    if (candidates.isEmpty()) {
      return new Result(List.of());
    }
    var topic = model.embed(text);
    var vectors = model.embed(candidates);
    return new Result(
        MaximalMarginalRelevance.pick(topic, vectors, input.path("limit").asInt(DEFAULT_LIMIT))
            .stream()
            .map(
                i ->
                    new Keyword(
                        candidates.get(i), Vectors.round(Vectors.dot(topic, vectors.get(i)))))
            .toList());
  }

  private static List<String> candidates(String text) {
    var counts = new LinkedHashMap<String, Integer>();
    var previous = "";
    for (var word : words(text)) {
      var keeps = word.codePointCount(0, word.length()) > 2 && !STOP_WORDS.contains(word);
      if (keeps) {
        counts.merge(word, 1, Integer::sum);
        if (!previous.isEmpty()) {
          counts.merge(previous + " " + word, 1, Integer::sum);
        }
      }
      previous = keeps ? word : "";
    }
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(MAX_CANDIDATES)
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Returns the words in order, normalised to NFC. An empty word separates words that must not form
   * a pair, such as those on both sides of a sentence end.
   */
  private static List<String> words(String text) {
    var words = new ArrayList<String>();
    // Lower-casing can decompose a letter: İ becomes i and U+0307.
    var lower = Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
    var match = WORD.matcher(lower);
    int end = 0;
    while (match.find()) {
      if (!lower.substring(end, match.start()).isBlank()) {
        words.add("");
      }
      words.add(match.group());
      end = match.end();
    }
    return words;
  }
}
