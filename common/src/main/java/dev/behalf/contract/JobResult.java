package dev.behalf.contract;

import java.util.List;

/**
 * The result of an operation; each operation has its own type. Scores and similarities are between
 * -1 and 1.
 */
public sealed interface JobResult {

  /**
   * The result of {@code echo}.
   *
   * @param text the input, unchanged
   */
  record EchoResult(String text) implements JobResult {}

  /**
   * The result of {@code embed}.
   *
   * @param embedding 384 numbers that form a vector of length 1
   */
  record EmbedResult(float[] embedding) implements JobResult {}

  /**
   * The result of {@code classify}.
   *
   * @param label the nearest label
   * @param scores the scores of all labels, nearest first
   */
  record ClassifyResult(String label, List<Score> scores) implements JobResult {}

  record Score(String label, double score) {}

  /**
   * The result of {@code keywords}.
   *
   * @param keywords words and pairs of words, best first
   */
  record KeywordsResult(List<Keyword> keywords) implements JobResult {}

  record Keyword(String text, double score) {}

  /**
   * The result of {@code summarize}.
   *
   * @param summary the sentences, joined into one text
   * @param sentences the chosen sentences of the input, in their original order
   */
  record SummarizeResult(String summary, List<String> sentences) implements JobResult {}

  /** The result of {@code similarity}. */
  record SimilarityResult(double similarity) implements JobResult {}
}
