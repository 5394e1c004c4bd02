package dev.behalf.web.work.operations;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.behalf.operation.Definition;
import dev.behalf.operation.Definitions;
import dev.behalf.operation.Engine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/**
 * The definitions that are part of this release: one for each built-in engine and, if a chat server
 * is configured, those for it.
 */
@Component
class ShippedDefinitions {

  /** Stands for the engine in the definitions for a chat server. */
  private static final String ENGINE = "${engine}";

  private final List<String> files;
  private final SortedSet<String> engines;

  ShippedDefinitions(ChatSettings chat) throws IOException {
    var read = new ArrayList<String>();
    var resources = new PathMatchingResourcePatternResolver();
    for (var file : resources.getResources("classpath*:operations/*.yaml")) {
      read.add(file.getContentAsString(UTF_8));
    }
    if (chat.isOn()) {
      for (var file : resources.getResources("classpath*:operations/chat/*.yaml")) {
        read.add(file.getContentAsString(UTF_8).replace(ENGINE, chat.engine()));
      }
    }
    this.files = List.copyOf(read);
    this.engines =
        files.stream()
            .map(Definitions::read)
            .map(Definition::engine)
            .filter(Engine.Builtin.class::isInstance)
            .map(engine -> ((Engine.Builtin) engine).name())
            .collect(Collectors.toCollection(TreeSet::new));
  }

  List<String> files() {
    return files;
  }

  /** Returns the names of the built-in engines. */
  SortedSet<String> engines() {
    return engines;
  }
}
