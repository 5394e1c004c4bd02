package dev.behalf.bench;

import dev.behalf.contract.StrictJson;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The measured figures by name; a dot in a name starts a level in the JSON. */
final class Figures {

  private final Map<String, Double> figures = new LinkedHashMap<>();

  void put(String name, double value) {
    figures.put(name, value);
    System.err.printf(Locale.ROOT, "  %-52s %s%n", name, text(value));
  }

  void putAll(Figures others) {
    figures.putAll(others.figures);
  }

  boolean has(String name) {
    return figures.containsKey(name);
  }

  double get(String name) {
    return figures.getOrDefault(name, Double.NaN);
  }

  String table() {
    var table = new StringBuilder();
    var part = "";
    for (var figure : figures.entrySet()) {
      var name = figure.getKey();
      var head = name.substring(0, name.indexOf('.'));
      if (!head.equals(part)) {
        table.append("\n").append(head).append("\n");
        part = head;
      }
      table.append(
          "  %-52s %14s%n".formatted(name.substring(head.length() + 1), text(figure.getValue())));
    }
    return table.toString();
  }

  String json() {
    var tree = new LinkedHashMap<String, Object>();
    figures.forEach((name, value) -> place(tree, name, rounded(value)));
    return StrictJson.text(tree);
  }

  @SuppressWarnings("unchecked") // every inner value is a map made here
  private static void place(Map<String, Object> tree, String name, Number value) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      tree.put(name, value);
    } else {
      place(
          (Map<String, Object>)
              tree.computeIfAbsent(name.substring(0, dot), key -> new TreeMap<String, Object>()),
          name.substring(dot + 1),
          value);
    }
  }

  private static double rounded(double value) {
    return Double.parseDouble("%.4g".formatted(value).replace(',', '.'));
  }

  private static String text(double value) {
    return Math.abs(value) >= 100
        ? "%,.0f".formatted(value)
        : Math.abs(value) >= 10 ? "%.1f".formatted(value) : "%.3f".formatted(value);
  }
}
