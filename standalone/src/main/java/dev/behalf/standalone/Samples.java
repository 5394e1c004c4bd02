package dev.behalf.standalone;

import dev.behalf.contract.Environment;
import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** The sample texts that ship with the project, in its folder {@code samples}. */
final class Samples {

  private static final Path FOLDER = Path.of(System.getProperty("behalf.home", "."), "samples");

  private Samples() {}

  /** A customer's message and the label that a person gave it. */
  record Message(String label, String text) {}

  /**
   * Returns the messages of {@code messages.csv}, which has one on each line, its text always
   * quoted.
   */
  static List<Message> messages() throws IOException {
    return Files.readAllLines(FOLDER.resolve("messages.csv")).stream()
        .skip(1)
        .map(Samples::message)
        .toList();
  }

  /** Returns three examples for each label, none of them among the messages. */
  static Map<String, List<String>> examples() throws IOException {
    return StrictJson.MAPPER.readValue(
        Files.readString(FOLDER.resolve("examples.json")), new TypeReference<>() {});
  }

  /**
   * The operations that the demo and the drill use.
   *
   * @param message the operation for a message, its labels and its examples
   * @param articles the operations for each article
   * @param drill the operation for the texts of a drill
   */
  record Plan(String message, List<ArticleJob> articles, String drill) {}

  /**
   * A job for each article.
   *
   * @param nextAs the property that takes the next article; null for none
   */
  record ArticleJob(String operation, Environment environment, @Nullable String nextAs) {}

  static Plan plan() throws IOException {
    return StrictJson.MAPPER.readValue(Files.readString(FOLDER.resolve("demo.json")), Plan.class);
  }

  static List<String> articles() throws IOException {
    return Arrays.stream(Files.readString(FOLDER.resolve("articles.txt")).split("\n\n", -1))
        .map(String::strip)
        .filter(article -> !article.isEmpty())
        .toList();
  }

  private static Message message(String line) {
    int comma = line.indexOf(',');
    var quoted = line.substring(comma + 1);
    return new Message(
        line.substring(0, comma), quoted.substring(1, quoted.length() - 1).replace("\"\"", "\""));
  }
}
