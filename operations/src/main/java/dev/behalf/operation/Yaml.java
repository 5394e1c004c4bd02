package dev.behalf.operation;

import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A YAML document (1.2, core schema) as JSON, with the line of each value. Aliases count as copies:
 * size and depth are bounded after they are expanded.
 */
final class Yaml {

  /** The largest file, in UTF-16 code units. */
  static final int MAX_LENGTH = 256 * 1024;

  private static final int MAX_NODES = 20_000;
  private static final int MAX_DEPTH = 64;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<String, Integer> lines = new HashMap<>();
  private int nodes;
  private int characters;

  private final ObjectNode root;

  /**
   * Reads a document.
   *
   * @throws BadDefinition if it is not YAML, not a mapping, or too large
   */
  Yaml(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new BadDefinition(1, "The file is larger than 256 KiB.");
    }
    this.root = object(compose(text));
  }

  ObjectNode root() {
    return root;
  }

  /** Returns the line of a value or, if the value is absent, of the nearest value around it. */
  int line(String pointer) {
    for (var at = pointer; ; at = at.substring(0, at.lastIndexOf('/'))) {
      var line = lines.get(at);
      if (line != null) {
        return line;
      }
    }
  }

  private static Node compose(String text) {
    var settings =
        LoadSettings.builder()
            .setCodePointLimit(MAX_LENGTH)
            .setAllowDuplicateKeys(false)
            .setAllowNonScalarKeys(false)
            .build();
    try {
      return new Compose(settings)
          .composeString(text)
          .orElseThrow(() -> new BadDefinition(1, "The file is empty."));
    } catch (StackOverflowError deep) {
      // The library reads nested values by recursion, without a bound of its own.
      throw new BadDefinition(1, "The file has too deeply nested values.");
    } catch (MarkedYamlEngineException malformed) {
      throw new BadDefinition(
          malformed.getProblemMark().map(Yaml::line).orElse(1),
          "The YAML is malformed: " + malformed.getProblem() + ".");
    } catch (YamlEngineException malformed) {
      throw new BadDefinition(1, "The YAML is malformed: " + malformed.getMessage());
    }
  }

  private ObjectNode object(Node node) {
    if (json(node, "", 0) instanceof ObjectNode object) {
      return object;
    }
    throw bad(node, "Write a mapping of properties, such as \"name: transcribe\".");
  }

  private JsonNode json(Node node, String pointer, int depth) {
    if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
      throw bad(node, "The file has too many or too deeply nested values.");
    }
    lines.putIfAbsent(pointer, node.getStartMark().map(Yaml::line).orElse(1));
    return switch (node) {
      case MappingNode mapping -> {
        var object = JSON.objectNode();
        for (var entry : mapping.getValue()) {
          var name = name(entry.getKeyNode());
          var at = pointer + "/" + Pointers.escaped(name);
          lines.put(at, entry.getKeyNode().getStartMark().map(Yaml::line).orElse(1));
          if (object.has(name)) {
            throw bad(entry.getKeyNode(), "The property \"" + name + "\" appears twice.");
          }
          object.set(name, json(entry.getValueNode(), at, depth + 1));
        }
        yield object;
      }
      case SequenceNode sequence -> {
        var array = JSON.arrayNode();
        for (var item : sequence.getValue()) {
          array.add(json(item, pointer + "/" + array.size(), depth + 1));
        }
        yield array;
      }
      case ScalarNode scalar -> {
        // An alias repeats a text without repeating it in the file.
        characters += scalar.getValue().length();
        if (characters > MAX_LENGTH) {
          throw bad(node, "The file has more than 256 KiB of text, counted with all aliases.");
        }
        yield scalar(scalar);
      }
      default -> throw bad(node, "Unknown kind of YAML value.");
    };
  }

  private static String name(Node key) {
    if (key instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw bad(key, "Property names must be plain text.");
  }

  private static JsonNode scalar(ScalarNode scalar) {
    var value = scalar.getValue();
    var tag = scalar.getTag();
    try {
      if (tag.equals(Tag.NULL)) {
        return JSON.nullNode();
      }
      if (tag.equals(Tag.BOOL)) {
        return JSON.booleanNode(Boolean.parseBoolean(value));
      }
      if (tag.equals(Tag.INT)) {
        return JSON.numberNode(Long.decode(value.replaceFirst("^0o", "0")));
      }
      if (tag.equals(Tag.FLOAT)) {
        return JSON.numberNode(new java.math.BigDecimal(value));
      }
    } catch (NumberFormatException unusable) {
      throw bad(scalar, "\"" + value + "\" is not a number that JSON can hold.");
    }
    if (tag.equals(Tag.STR)) {
      return JSON.stringNode(value);
    }
    throw bad(scalar, "Remove the tag " + tag + ".");
  }

  private static BadDefinition bad(Node node, String reason) {
    return new BadDefinition(node.getStartMark().map(Yaml::line).orElse(1), reason);
  }

  private static int line(Mark mark) {
    return mark.getLine() + 1;
  }
}
