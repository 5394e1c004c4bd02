package dev.behalf.spring.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * The definitions of this application's engines, for {@code behalf operations apply} and {@code
 * behalf up --operations}: as text, or written to files.
 */
public final class EngineDefinitions {

  private final EngineMethods methods;
  private final String secretName;

  EngineDefinitions(EngineMethods methods, String secretName) {
    this.methods = methods;
    this.secretName = secretName;
  }

  /** Returns the names of the operations. */
  public Set<String> names() {
    return methods.all().stream().map(EngineMethod::name).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Returns the definition of an operation, as YAML.
   *
   * @param application the address of this application as compute-server reaches it
   * @throws IllegalArgumentException if there is no such engine
   */
  public String yaml(String name, URI application) {
    var method = methods.find(name);
    if (method == null) {
      throw new IllegalArgumentException("No method is the engine \"" + name + "\".");
    }
    return "# Made from the engine %s: change it there, not here.\n".formatted(method)
        + dumper().dump(definition(method, application));
  }

  /**
   * Writes all definitions as {@code NAME.yaml}. A file that is right already is not touched.
   *
   * @throws UncheckedIOException if a file cannot be written
   */
  public void write(Path folder, URI application) {
    try {
      Files.createDirectories(folder);
      for (var name : names()) {
        var file = folder.resolve(name + ".yaml");
        var yaml = yaml(name, application);
        if (!Files.exists(file) || !Files.readString(file).equals(yaml)) {
          Files.writeString(file, yaml);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Object> definition(EngineMethod method, URI application) {
    var all = new LinkedHashMap<String, Object>();
    all.put("name", method.name());
    all.put("title", title(method.name()));
    all.put("input", Json.MAPPER.convertValue(method.inputSchema(), Map.class));
    all.put("output", Json.MAPPER.convertValue(method.resultSchema(), Map.class));
    all.put("units", Map.of("name", "call", "fixed", 1));
    all.put("run", "quick");
    all.putAll(method.definition());
    var engine = new LinkedHashMap<String, Object>();
    engine.put("http", address(application, method.name()));
    if (!secretName.isEmpty()) {
      engine.put("secret", secretName);
    }
    all.put("engine", engine);
    return all;
  }

  static String address(URI application, String name) {
    var base = application.toString();
    return base.replaceFirst("/+$", "") + EngineEndpoint.PATH + "/" + name;
  }

  private static String title(String name) {
    var words = name.replace('-', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  private static Yaml dumper() {
    var options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setAllowUnicode(true);
    options.setSplitLines(false);
    return new Yaml(options);
  }
}
