package dev.behalf.compute.engines;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.HuggingFaceTokenCountEstimator;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The quantised model all-MiniLM-L6-v2, which maps a text to a vector of length 1 in 384
 * dimensions. It is loaded at its first use, so that an installation without operations that need
 * it saves the memory.
 */
@Component
class SentenceModel {

  private record Loaded(
      AllMiniLmL6V2QuantizedEmbeddingModel vectors, HuggingFaceTokenCountEstimator tokens) {}

  private volatile @Nullable Loaded loaded;

  /** Loads the model if it is not loaded yet, which takes about a second. */
  void load() {
    loaded();
  }

  private Loaded loaded() {
    var known = loaded;
    return known == null ? loadNow() : known;
  }

  private synchronized Loaded loadNow() {
    var known = loaded;
    if (known == null) {
      try {
        known =
            new Loaded(
                new AllMiniLmL6V2QuantizedEmbeddingModel(Runnable::run),
                new HuggingFaceTokenCountEstimator());
        loaded = known;
      } catch (LinkageError unusable) {
        throw new IllegalStateException("The model cannot be loaded.", unusable);
      }
    }
    return known;
  }

  float[] embed(String text) {
    return embed(List.of(text)).getFirst();
  }

  /**
   * Returns the vectors of texts, computed one by one so that an interrupt stops the rest.
   *
   * @throws CancellationException if the thread was interrupted
   */
  List<float[]> embed(List<String> texts) {
    var vectors = new ArrayList<float[]>(texts.size());
    for (var text : texts) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("The time is up.");
      }
      vectors.add(loaded().vectors().embed(TextSegment.from(text)).content().vector());
    }
    return vectors;
  }

  /** Returns the number of model tokens in a text, which is the number of units charged. */
  int tokens(String text) {
    return loaded().tokens().estimateTokenCountInText(text);
  }
}
